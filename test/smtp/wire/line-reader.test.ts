import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineReader, longestLine, usualLineLength } from '../../../src/smtp/wire/line-reader.ts';

function read(...chunks: (string | Buffer)[]): unknown[] {
  const reader = createLineReader();
  const seen: unknown[] = [];
  for (const chunk of chunks) {
    reader.push(Buffer.from(chunk));
    for (;;) {
      const line = reader.next();
      if (line.kind === 'more') break;
      seen.push(line.kind === 'line' ? line.bytes.toString('latin1') : line.what);
      if (line.kind === 'violation') return seen;
    }
  }
  return seen;
}

describe('a line reader', () => {
  test.each([
    { name: 'cuts at CRLF', chunks: ['250 a\r\n250 b\r\n'], lines: ['250 a', '250 b'] },
    { name: 'joins what came in pieces', chunks: ['25', '0 a\r', '\n'], lines: ['250 a'] },
    { name: 'lets a bare LF through', chunks: ['250 a\n250 b\r\n'], lines: ['250 a', '250 b'] },
    { name: 'keeps what has no end yet', chunks: ['250 a\r\n250'], lines: ['250 a'] },
    { name: 'refuses a bare CR', chunks: ['25\r0\r\n'], lines: ['a line with a bare CR'] },
    { name: 'refuses CR CR LF', chunks: ['250 a\r\r\n'], lines: ['a line with a bare CR'] },
    { name: 'refuses NUL', chunks: ['250\0\r\n'], lines: ['a line with a NUL byte'] },
    {
      name: 'refuses a line past the limit at once, without its end',
      chunks: ['x'.repeat(longestLine + 1)],
      lines: [/more than/],
    },
  ])('$name', ({ chunks, lines }) => {
    const seen = read(...chunks);
    expect(seen).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) {
      if (typeof line === 'string') expect(seen[index]).toBe(line);
      else expect(seen[index]).toMatch(line);
    }
  });

  test('a line of the longest length passes, and long ones are noted', () => {
    const reader = createLineReader();
    reader.push(Buffer.from(`${'x'.repeat(longestLine - 2)}\r\n${'y'.repeat(usualLineLength - 2)}\r\n`));
    expect(reader.next()).toMatchObject({ kind: 'line', lenient: [expect.stringContaining('more than 512')] });
    expect(reader.next()).toMatchObject({ kind: 'line', lenient: [] });
  });

  test('gives the same lines however the bytes are cut into pieces', () => {
    const line = fc.stringMatching(/^[ -~]{0,30}$/);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), fc.array(fc.nat(400), { maxLength: 10 }), (lines, cuts) => {
        const bytes = lines.map((text) => `${text}\r\n`).join('');
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.slice(places[index], end));
        expect(read(...chunks)).toEqual(lines);
      }),
    );
  });
});
