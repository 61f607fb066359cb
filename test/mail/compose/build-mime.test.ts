import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { expect, test } from 'vitest';
import { buildMime } from '../../../src/mail/compose/build-mime.ts';

interface Parts {
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

function compile({ text, html, subject }: Parts) {
  const parts = { ...(text !== undefined && { text }), ...(html !== undefined && { html }) };
  const head = { from: { name: 'Gäste', address: 'guests@example.com' }, to: 'jane@example.org', subject };
  const date = new Date(Date.UTC(2026, 10, 24));
  const fixed = { date, messageId: '<1@example.com>', baseBoundary: 'boundary', newline: 'windows' };
  return new MailComposer({ ...head, ...parts, ...fixed }).compile();
}

async function expectSame(parts: Parts): Promise<void> {
  const [ours, theirs] = [await buildMime(compile(parts)), await compile(parts).build()];
  expect(ours.toString('latin1')).toBe(theirs.toString('latin1'));
}

/** Pieces that an encoding treats in ways of its own, beside any text. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\r',
    ' \n',
    '\t\r\n',
    '=',
    '.',
    '\n.\n',
    'ä',
    '漢字',
    'é'.repeat(40),
    '\n\n',
  ),
  fc.nat({ max: 160 }).map((length) => 'word '.repeat(length)),
  fc.nat({ max: 160 }).map((length) => 'x'.repeat(length)),
);
const body = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

test('any parts give the bytes that the library streams', { timeout: 120_000 }, async () => {
  const parts = fc.record({
    subject: fc.string({ unit: 'grapheme', maxLength: 120 }),
    text: fc.option(body, { nil: undefined }),
    html: fc.option(body, { nil: undefined }),
  });
  await fc.assert(fc.asyncProperty(parts, expectSame), { numRuns: 500 });
});

const long = `${'A line of a long mail, with an ä, and so on and on. '.repeat(40)}\n`;

test.each([
  ['a text alone', { subject: 'One', text: 'Hello\n' }],
  ['HTML alone', { subject: 'One', html: '<p>Hello</p>\n' }],
  ['no body at all', { subject: 'One' }],
  ['empty bodies', { subject: 'One', text: '', html: '' }],
  ['a body that ends in white space', { subject: 'One', text: `${long} \t`, html: '<p>Grüße</p> ' }],
  ['a body beyond what is encoded at once', { subject: 'One', text: long.repeat(40), html: long.repeat(60) }],
  ['a body in Chinese', { subject: '漢字', text: '漢字仮名交じり文\n'.repeat(40), html: '<p>漢字</p>' }],
])('%s is the same', async (_name, parts) => {
  await expectSame(parts);
});
