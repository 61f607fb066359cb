// What mail programs find a thread by, and what marks a message as important.
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { composeMessage, type MessageToCompose } from '../../../src/mail/compose/compose-message.ts';

const plain: MessageToCompose = {
  id: '0123456789abcdef0123456789abcdef',
  date: Date.UTC(2026, 10, 24, 10, 0, 0),
  from: { address: 'alarms@example.com', name: 'Alarms' },
  to: 'oncall@example.org',
  subject: '[FIRING 1, critical] DiskFull in shop',
  text: 'DiskFull\n',
  ruleKind: 'Alarm',
};
const root = 'fedcba9876543210fedcba9876543210';

async function raw(change: Partial<MessageToCompose>): Promise<Buffer> {
  const result = await composeMessage({ ...plain, ...change });
  if (result.kind === 'invalid') throw new Error(result.message);
  return result.raw;
}

describe('threads', () => {
  test('a later mail refers to the Message-ID of the first', async () => {
    const first = await composeMessage({ ...plain, id: root, thread: { root: undefined, topic: 'DiskFull in shop' } });
    const later = await simpleParser(await raw({ thread: { root, topic: 'DiskFull in shop' } }));
    expect(first).toMatchObject({ kind: 'composed', messageId: later.inReplyTo });
    expect(later.references).toBe(later.inReplyTo);
    expect(later.headers.get('thread-topic')).toBe('DiskFull in shop');
  });

  test('the first mail refers to none, and one without a thread has no such header', async () => {
    const first = (await raw({ thread: { root: undefined, topic: 'DiskFull in shop' } })).toString();
    expect(first).toContain('\r\nThread-Topic: DiskFull in shop\r\n');
    expect(first).not.toMatch(/^(In-Reply-To|References):/im);
    expect((await raw({})).toString()).not.toMatch(/^(In-Reply-To|References|Thread-Topic):/im);
  });

  test('a name that cannot stand in a Message-ID is refused', async () => {
    const result = await composeMessage({ ...plain, thread: { root: 'a>\r\nBcc: x', topic: '' } });
    expect(result).toMatchObject({ kind: 'invalid', message: expect.stringContaining('Message-ID') });
  });

  test('whatever the topic holds, it makes no header of its own', async () => {
    const names = headerNames(await raw({ thread: { root, topic: 'x' } }));
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ maxLength: 80 }),
        async (one, other) => {
          const message = await raw({ thread: { root, topic: `${one}\r\nBcc: everyone@example.com\r\n\r\n${other}` } });
          expect(headerNames(message)).toEqual(names);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('an urgent mail is marked as important, any other is not', async () => {
  const urgent = (await raw({ urgent: true })).toString();
  expect(urgent).toContain('\r\nImportance: high\r\n');
  expect(urgent).toContain('\r\nX-Priority: 1 (Highest)\r\n');
  expect(urgent).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect((await raw({ urgent: false })).toString()).not.toMatch(/^(Importance|X-Priority):/im);
});

function headerNames(message: Buffer): string[] {
  const [head = ''] = message.toString('latin1').split('\r\n\r\n');
  const lines = head.split(/\r\n(?![ \t])/);
  return lines.map((line) => line.slice(0, line.indexOf(':'))).sort();
}
