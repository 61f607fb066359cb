import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageBody } from '../../../src/smtp/session/message-body.ts';

const wireOf = (text: string) => messageBody(Buffer.from(text, 'latin1')).wire.toString('latin1');

describe('a message on the wire', () => {
  test.each<[name: string, raw: string, wire: string]>([
    ['is as it was, with the final dot', 'a: b\r\n\r\ntext\r\n', 'a: b\r\n\r\ntext\r\n.\r\n'],
    ['gets a line end where its last line has none', 'text', 'text\r\n.\r\n'],
    ['may be empty', '', '.\r\n'],
    ['has its dots at the start of lines doubled', '.\r\n..\r\na.b\r\n.x\r\n', '..\r\n...\r\na.b\r\n..x\r\n.\r\n'],
    ['has no bare LF', 'a\nb\n', 'a\r\nb\r\n.\r\n'],
    ['has no bare CR', 'a\rb\r', 'a\r\nb\r\n.\r\n'],
    [
      'cannot be ended early by a dot between bare line ends',
      'a\n.\nMAIL FROM:<x>\n',
      'a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n',
    ],
    ['cannot be ended early by CR, dot, CR', 'a\r.\rb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['cannot be ended early by LF, dot, CRLF', 'a\n.\r\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['keeps every other byte', '\x00\x7f\xff\t\r\n', '\x00\x7f\xff\t\r\n.\r\n'],
    ['counts a CR before a CRLF as a line of its own', 'a\r\r\nb\r\n', 'a\r\n\r\nb\r\n.\r\n'],
  ])('%s', (_name, raw, wire) => {
    expect(wireOf(raw)).toBe(wire);
  });

  test.each([
    { name: 'plain ASCII', raw: 'ab\r\nc\r\n', facts: { size: 7, eightBit: false, hasNul: false, longestLine: 2 } },
    { name: 'eight bits', raw: '\x80', facts: { size: 3, eightBit: true, hasNul: false, longestLine: 1 } },
    { name: 'a NUL', raw: 'a\0b', facts: { size: 5, eightBit: false, hasNul: true, longestLine: 3 } },
    { name: 'a long line', raw: `${'x'.repeat(5000)}\n`, facts: { size: 5002, longestLine: 5000 } },
  ])('of $name is known before it is sent', ({ raw, facts }) => {
    expect(messageBody(Buffer.from(raw, 'latin1'))).toMatchObject(facts);
  });

  const raws = fc.oneof(
    fc
      .array(fc.constantFrom('.', '\r', '\n', '\r\n', '\r\n.\r\n', 'a', '\xff', '\0'), { maxLength: 40 })
      .map((parts) => Buffer.from(parts.join(''), 'latin1')),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );

  test('ends at its final dot and nowhere before, whatever it holds', () => {
    fc.assert(
      fc.property(raws, (raw) => {
        const wire = messageBody(raw).wire.toString('latin1');
        expect(`\r\n${wire}`.indexOf('\r\n.\r\n')).toBe(wire.length - 3);
        expect(wire.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is what a receiver makes of it again, but for the line ends', () => {
    fc.assert(
      fc.property(raws, (raw) => {
        const body = messageBody(raw);
        const lines = body.wire.toString('latin1').split('\r\n').slice(0, -2);
        const received = lines.map((line) => (line.startsWith('.') ? line.slice(1) : line));
        const sent = raw.toString('latin1').split(/\r\n|\r|\n/);
        if (sent.at(-1) === '') sent.pop();
        expect(received).toEqual(sent);
        expect(received.reduce((sum, line) => sum + line.length + 2, 0)).toBe(body.size);
      }),
      { numRuns: 2_000 },
    );
  });
});
