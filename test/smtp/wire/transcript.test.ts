import { describe, expect, test } from 'vitest';
import { createTranscript } from '../../../src/smtp/wire/transcript.ts';

const asItIs = (line: string) => line;
const reply = (code: number, ...lines: string[]) => ({ code, enhancedCode: undefined, lines });

describe('a transcript', () => {
  test('shows who said what', () => {
    const transcript = createTranscript(asItIs);
    transcript.heard(reply(220, 'hello'));
    transcript.said('EHLO me');
    transcript.heard({ code: 250, enhancedCode: '2.0.0', lines: ['mx', 'SIZE'] });
    expect(transcript.lines()).toEqual(['S: 220 hello', 'C: EHLO me', 'S: 250-2.0.0 mx', 'S: 250 2.0.0 SIZE']);
  });

  test('of a long conversation keeps the beginning and the end, and says how much is missing', () => {
    const transcript = createTranscript(asItIs);
    for (let line = 0; line < 500; line += 1) transcript.said(`line ${line}`);
    const lines = transcript.lines();
    expect(lines).toHaveLength(40);
    expect(lines[0]).toBe('C: line 0');
    expect(lines).toContain('-- 461 lines left out');
    expect(lines.at(-1)).toBe('C: line 499');
  });

  test('never has more than 4 KiB', () => {
    const transcript = createTranscript(asItIs);
    for (let line = 0; line < 60; line += 1) transcript.said('ü'.repeat(3_000));
    transcript.heard(reply(550, 'the last word'));
    const lines = transcript.lines();
    expect(Buffer.byteLength(lines.join('\n'))).toBeLessThanOrEqual(4096);
    expect(lines.at(-1)).toBe('S: 550 the last word');
    expect(lines.every((line) => [...line].length <= 200)).toBe(true);
  });

  test('of a peer that is no SMTP server keeps nothing of what it said', () => {
    const transcript = createTranscript(asItIs);
    transcript.heard(reply(220, 'internal-db ready'));
    transcript.replaceBy('S: <speaks MySQL>');
    expect(transcript.lines()).toEqual(['S: <speaks MySQL>']);
  });

  test('is scrubbed before a line is cut, so that no half of a secret stays', () => {
    const transcript = createTranscript((line) => line.replaceAll('secret', '***'));
    transcript.heard(reply(535, `${'.'.repeat(190)}secret`));
    expect(transcript.lines()[0]).toMatch(/\.\*\*\*$/);
  });
});
