import fc from 'fast-check';
import { expect, test } from 'vitest';
import { composeMessage } from '../../../src/mail/compose/compose-message.ts';
import { messageIdIn } from '../../../src/mail/compose/message-id-in.ts';

test('is the one that a message was composed with, however long its domain is', async () => {
  const label = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,40}[a-z0-9])?$/);
  const domains = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => `${labels.join('.')}.example`);
  await fc.assert(
    fc.asyncProperty(domains, fc.string(), async (domain, subject) => {
      const composed = await composeMessage({
        id: '0123456789abcdef0123456789abcdef',
        date: 0,
        from: { address: `guests@${domain}` },
        to: 'jane@example.org',
        subject: `${subject}\r\nMessage-ID: <forged@example.org>`,
        text: 'Message-ID: <in-the-body@example.org>',
        ruleKind: 'Credentials',
      });
      if (composed.kind === 'invalid') return;
      expect(messageIdIn(composed.raw)).toBe(composed.messageId);
    }),
    { numRuns: 50 },
  );
});

test('is missing where there is no header of that name', () => {
  expect(messageIdIn(Buffer.from('Subject: a\r\n\r\nMessage-ID: <b@c>\r\n'))).toBeUndefined();
});
