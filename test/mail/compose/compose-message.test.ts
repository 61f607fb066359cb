import fc from 'fast-check';
import { type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { composeMessage, type MessageToCompose } from '../../../src/mail/compose/compose-message.ts';

const plain: MessageToCompose = {
  id: '0123456789abcdef0123456789abcdef',
  date: Date.UTC(2026, 10, 24, 10, 0, 0),
  from: { address: 'guests@example.com', name: 'Guest Portal' },
  replyTo: 'help@example.com',
  to: 'jane@example.org',
  subject: 'Your log-in details',
  text: 'Hello Jane\n',
  html: '<p>Hello Jane</p>\n',
  ruleKind: 'Credentials',
};

async function raw(change: Partial<MessageToCompose> = {}): Promise<Buffer> {
  const result = await composeMessage({ ...plain, ...change });
  if (result.kind === 'invalid') throw new Error(result.message);
  return result.raw;
}

function headerNames(message: Buffer): string[] {
  const [head = ''] = message.toString('latin1').split('\r\n\r\n');
  return head
    .split(/\r\n(?![ \t])/)
    .map((line) => line.slice(0, line.indexOf(':')))
    .sort();
}

const expectedNames = [
  'Auto-Submitted',
  'Content-Type',
  'Date',
  'From',
  'MIME-Version',
  'Message-ID',
  'Reply-To',
  'Subject',
  'To',
  'X-Auto-Response-Suppress',
  'X-Relaykeeper-Rule-Kind',
];

test('the same message is the same bytes every time, with CRLF alone', async () => {
  const [first, second] = [await raw(), await raw()];
  expect(first.equals(second)).toBe(true);
  expect(first.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(first.toString('latin1').endsWith('\r\n')).toBe(true);
});

test('a message says who, when, what, and that a program wrote it', async () => {
  const message = await raw();
  const mail = await simpleParser(message);
  expect(headerNames(message)).toEqual(expectedNames);
  expect(mail.messageId).toBe('<0123456789abcdef0123456789abcdef@example.com>');
  expect(mail.date).toEqual(new Date(plain.date));
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.headers.get('x-auto-response-suppress')).toBe('All');
  expect(mail.replyTo?.text).toBe('help@example.com');
  expect([mail.text, mail.html]).toEqual([plain.text, plain.html]);
});

describe('the structure is', () => {
  const cases: readonly [string, Partial<MessageToCompose>, string][] = [
    ['alternative for text and HTML', {}, 'multipart/alternative'],
    ['text alone for text alone', { html: undefined }, 'text/plain'],
    ['HTML alone for HTML alone', { text: undefined }, 'text/html'],
  ];
  test.each(cases)('%s', async (_, change, type) => {
    const mail = await simpleParser(await raw(change));
    expect(mail.headers.get('content-type')).toMatchObject({ value: type });
  });
});

test('the text comes before the HTML, as the last is the best (RFC 2046 section 5.1.4)', async () => {
  const text = (await raw()).toString();
  expect(text.indexOf('text/plain')).toBeLessThan(text.indexOf('text/html'));
});

describe('an address', () => {
  test('with an internationalized domain needs no SMTPUTF8 and is written in ASCII', async () => {
    const result = await composeMessage({ ...plain, to: 'jane@bücher.example' });
    expect(result).toMatchObject({ kind: 'composed', needsSmtpUtf8: false, to: 'jane@xn--bcher-kva.example' });
    expect(result.kind === 'composed' && result.raw.toString('latin1')).toContain('To: jane@xn--bcher-kva.example\r\n');
  });
  test('with a local part beyond ASCII needs SMTPUTF8', async () => {
    expect(await composeMessage({ ...plain, to: 'jürgen@example.com' })).toMatchObject({ needsSmtpUtf8: true });
  });
  test('in quotes stays one address', async () => {
    const mail = await simpleParser(await raw({ to: '"a@evil.example, b"@example.org' }));
    expect(addresses(mail)).toEqual(['"a@evil.example, b"@example.org']);
  });
  test.each(['a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com', ''])(
    '%j is refused',
    async (to) => {
      expect((await composeMessage({ ...plain, to })).kind).toBe('invalid');
    },
  );
});

function addresses(mail: ParsedMail): (string | undefined)[] {
  const to = Array.isArray(mail.to) ? mail.to : mail.to ? [mail.to] : [];
  return to.flatMap(({ value }) => value.map(({ address }) => address));
}

test.each(['Bcc', 'From', 'X-Relaykeeper-Real-Recipient', 'X-Auto-Response-Suppress', 'X-a: b\r\nBcc', 'X-'])(
  'header %j may not be set from outside',
  async (name) => {
    expect(await composeMessage({ ...plain, headers: { [name]: 'x' } })).toMatchObject({ kind: 'invalid' });
  },
);

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'a\r\nBcc: evil@example.com',
    '\nX-Evil: 1\n\nbody',
    '=?utf-8?q?x?=',
    '" <evil@example.com>, "',
    'ä'.repeat(300),
    '\u2028X: y',
    '\r\n\r\n',
  ),
  fc.string({
    unit: fc.constantFrom('\r', '\n', ' ', 'a', ':', '"', '\\', '<', '>', ',', 'ü', '\u0000'),
    maxLength: 60,
  }),
);

test('no text in any field makes, hides or changes a header', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ name: nasty, subject: nasty, text: nasty, html: nasty, extra: nasty }),
      async (texts) => {
        const { name, subject, text, html, extra } = texts;
        const message = await raw({
          from: { ...plain.from, name },
          subject,
          text,
          html,
          headers: { 'X-Extra': extra },
        });
        const mail = await simpleParser(message);
        const optional = new Set(['Subject', 'X-Extra', 'Content-Transfer-Encoding']);
        const names = headerNames(message).filter((found) => !optional.has(found));
        expect(names).toEqual(expectedNames.filter((found) => !optional.has(found)));
        expect(addresses(mail)).toEqual(['jane@example.org']);
        expect(mail.from?.value.map(({ address }) => address)).toEqual(['guests@example.com']);
        expect(mail.attachments).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

test('a line of the body that looks like a boundary ends no part', async () => {
  const first = (await raw()).toString('latin1');
  const [, boundary = ''] = /boundary="([^"]+)"/.exec(first) ?? [];
  expect(boundary).not.toBe('');
  const mail = await simpleParser(
    await raw({ text: `--${boundary}\r\nContent-Type: text/html\r\n\r\n<b>forged</b>\r\n--${boundary}--` }),
  );
  expect(mail.html).toBe(plain.html);
  expect(mail.text).toContain('forged');
});

test('a sandboxed mail goes elsewhere, says so, and holds no secret in any form', async () => {
  const secret = 'pa"ss  <w&rd>';
  const result = await composeMessage({
    ...plain,
    text: `Password: ${secret} or pa"ss <w&rd>`,
    html: '<b>pa&#34;ss  &lt;w&amp;rd&gt;</b><a href="https://x.example/?p=pa%22ss%20%20%3Cw%26rd%3E">x</a>',
    sandbox: { redirectTo: 'sink@example.net', secrets: [secret] },
  });
  if (result.kind === 'invalid') throw new Error(result.message);
  const mail = await simpleParser(result.raw);
  expect(result.to).toBe('sink@example.net');
  expect(addresses(mail)).toEqual(['sink@example.net']);
  expect(mail.subject).toBe('[sandbox] Your log-in details');
  expect(mail.headers.get('x-relaykeeper-real-recipient')).toBe('jane@example.org');
  expect(mail.text).toBe('Password: [redacted] or [redacted]');
  expect(mail.html).toBe('<b>[redacted]</b><a href="https://x.example/?p=[redacted]">x</a>');
});

test.each(['', 'a b', 'a@b', 'a\r\nX: y', 'a>'])('id %j is refused', async (id) => {
  expect((await composeMessage({ ...plain, id })).kind).toBe('invalid');
});
