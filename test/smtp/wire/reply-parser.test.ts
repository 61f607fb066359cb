import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReplyParser, mostLines, type Parsed } from '../../../src/smtp/wire/reply-parser.ts';

function parse(...lines: (string | Buffer)[]): Parsed {
  const parser = createReplyParser();
  let parsed: Parsed = { kind: 'more' };
  for (const line of lines) {
    parsed = parser.feed(Buffer.from(line));
    if (parsed.kind !== 'more') break;
  }
  return parsed;
}

describe('a reply', () => {
  test.each<{ name: string; lines: (string | Buffer)[]; reply: object }>([
    { name: 'of one line', lines: ['250 ok'], reply: { code: 250, enhancedCode: undefined, lines: ['ok'] } },
    {
      name: 'of many lines',
      lines: ['250-mx', '250-SIZE 10', '250 HELP'],
      reply: { code: 250, lines: ['mx', 'SIZE 10', 'HELP'] },
    },
    {
      name: 'with an enhanced code',
      lines: ['535 5.7.8 no'],
      reply: { code: 535, enhancedCode: '5.7.8', lines: ['no'] },
    },
    {
      name: 'with an enhanced code on each line',
      lines: ['550-5.7.1 a', '550 5.7.1 b'],
      reply: { enhancedCode: '5.7.1', lines: ['a', 'b'] },
    },
    {
      name: 'with an enhanced code and nothing else',
      lines: ['250 2.1.5'],
      reply: { enhancedCode: '2.1.5', lines: [''] },
    },
    {
      name: 'whose text only looks like an enhanced code of another class',
      lines: ['250 5.7.1 x'],
      reply: { enhancedCode: undefined, lines: ['5.7.1 x'] },
    },
    { name: 'without any text', lines: ['250'], reply: { code: 250, lines: [''] } },
    { name: 'in UTF-8', lines: ['250 grüß ☃'], reply: { lines: ['grüß ☃'] } },
    { name: 'in Latin-1', lines: [Buffer.from('250 gr\xfc\xdf', 'latin1')], reply: { lines: ['gr\\xfc\\xdf'] } },
    { name: 'with escape sequences', lines: ['250 \x1b[31mred\x07'], reply: { lines: ['\\x1b[31mred\\x07'] } },
  ])('$name', ({ lines, reply }) => {
    expect(parse(...lines)).toMatchObject({ kind: 'reply', reply });
  });

  test.each([
    { name: 'without a code', lines: ['hello'] },
    { name: 'with a code of two digits', lines: ['25 ok'] },
    { name: 'with a code of four digits', lines: ['2500 ok'] },
    { name: 'with a code no reply has', lines: ['150 ok'] },
    { name: 'whose second line has another code', lines: ['250-a', '550 b'] },
    { name: 'with more lines than any server needs', lines: new Array<string>(mostLines + 1).fill('250-x') },
  ])('$name is none', ({ lines }) => {
    expect(parse(...lines)).toMatchObject({ kind: 'violation' });
  });

  test('whatever bytes come, the text is printable and the parser does not throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const parsed = parse(Buffer.concat([Buffer.from('250 '), Buffer.from(bytes)]));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none must be left
        if (parsed.kind === 'reply') expect(parsed.reply.lines.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }),
    );
  });

  test('bytes that are no reply at all are refused, not misread', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const line = Buffer.from(bytes);
        const isReply = /^[2-5]\d\d([ -]|$)/.test(line.toString('latin1'));
        expect(parse(line).kind === 'violation').toBe(!isReply);
      }),
    );
  });
});
