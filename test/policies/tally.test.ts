import { describe, expect, test } from 'vitest';
import type { Settled } from '../../src/mail/delivery/deliverer.ts';
import { entryOf, factsOf, firstProgress } from '../../src/mail/outbox/entry-text.ts';
import type { OutboxEntry, Settlement } from '../../src/mail/outbox/outbox.ts';
import { dropEvent } from '../../src/policies/drop-event.ts';
import { createTally } from '../../src/policies/tally.ts';
import { attempt, message, noon } from '../mail/outbox/messages.ts';

const entry = (n: number): OutboxEntry => entryOf(factsOf(message(n)), firstProgress(message(n)));
const dead: OutboxEntry = { ...entry(1), state: 'Dead', deadReason: 'MailboxUnavailable' };
const messageId = '<id@example.com>';

function settled(n: number, settlement: Settlement): Settled {
  const reason = 'reason' in settlement ? settlement.reason : undefined;
  return { entry: entry(n), messageId, settlement, relay: undefined, reason, unknown: false };
}

const tooLate: Settlement = { kind: 'dropped', reason: 'TooLate' };

test('a delivery is told with the Message-ID that its header has', () => {
  const tally = createTally();
  tally.settled(settled(1, { kind: 'accepted', attempt }), noon);
  expect(tally.take().deliveries).toMatchObject([{ messageId, outcome: 'Accepted' }]);
});

test.each<readonly [string, string]>([
  ['as it was sent', '550 5.1.1 <guest-1@example.com>: Recipient address rejected'],
  ['in letters of its own', '550 5.1.1 <Guest-1@EXAMPLE.com>: Recipient address rejected'],
])('a reply that says the address back, %s, is kept without it', (_, reply) => {
  const tally = createTally();
  tally.settled(settled(1, { kind: 'dead', reason: 'MailboxUnavailable', attempt: { ...attempt, reply } }), noon);
  expect(tally.take().deliveries[0]?.reply).toBe('550 5.1.1 <g***@example.com>: Recipient address rejected');
});

test('a reply of a sandbox is kept without the real address and without the one it went to', () => {
  const tally = createTally();
  const reply = '250 to all+sand@example.net for guest-1@example.com';
  const to = { ...settled(1, { kind: 'accepted', attempt: { ...attempt, reply } }) };
  tally.settled({ ...to, entry: { ...to.entry, envelope: { from: '', to: 'all+sand@example.net' } } }, noon);
  expect(tally.take().deliveries[0]?.reply).toBe('250 to a***@example.net for g***@example.com');
});

describe('what a relay refused for good', () => {
  const refused: Settlement = {
    kind: 'dead',
    reason: 'MailboxUnavailable',
    attempt: { ...attempt, reply: '550 5.1.1 <guest-1@example.com>: no such user' },
  };

  test('is told at once, without the address', () => {
    const tally = createTally();
    tally.settled(settled(1, refused), noon);
    expect(tally.take().drops.map(dropEvent)).toMatchObject([
      {
        type: 'Warning',
        reason: 'Refused',
        note: expect.stringMatching(/MailboxUnavailable: .*<g\*\*\*@example\.com>/),
      },
    ]);
  });

  test('is told of once a minute for each rule and reason, with how many there were', () => {
    const tally = createTally();
    for (let n = 0; n < 50; n += 1) tally.settled(settled(1, refused), noon + n * 1_000);
    expect(tally.take().drops).toHaveLength(1);
    tally.settled(settled(1, { ...refused, reason: 'RelayDenied' }), noon + 50_000);
    tally.settled(settled(1, refused), noon + 60_000);
    expect(tally.take().drops).toMatchObject([{ count: 1, reason: 'RelayDenied' }, { count: 50 }]);
  });
});

test('the last try is told of while the message waits, until one is settled', () => {
  const tally = createTally();
  const reply = '451 4.7.1 <guest-1@example.com>: try again';
  tally.settled(settled(1, { kind: 'retry', notBefore: noon, attempt: { ...attempt, reply } }), noon);
  expect(tally.take().deferred?.reply).toBe('451 4.7.1 <g***@example.com>: try again');
  tally.settled(settled(1, { kind: 'retry', notBefore: noon, attempt }), noon);
  tally.settled(settled(2, { kind: 'accepted', attempt }), noon);
  expect(tally.take().deferred).toBeUndefined();
});

describe('what was dropped', () => {
  test('by the operator is counted, and told once for each rule and reason', () => {
    const tally = createTally();
    for (const n of [1, 2, 3]) tally.settled(settled(n, tooLate), noon);
    tally.settled(settled(4, { kind: 'dropped', reason: 'AccountGone' }), noon);
    const { counts, drops } = tally.take();
    expect([...counts.values()]).toEqual([{ sent: 0, failed: 4 }]);
    expect(drops).toMatchObject([
      { count: 3, reason: 'TooLate' },
      { count: 1, reason: 'AccountGone' },
    ]);
    expect(drops.map(dropEvent)).toMatchObject([
      {
        type: 'Warning',
        reason: 'Dropped',
        note: expect.stringMatching(/^3 mails of rule .* were dropped: TooLate; /),
      },
      {
        type: 'Warning',
        reason: 'Dropped',
        note: expect.stringMatching(/g\*\*\*@example\.com was dropped: AccountGone$/),
      },
    ]);
  });

  test('by a person is told each, with what the person said', () => {
    const tally = createTally();
    tally.dropped(entry(1), 'told by phone', noon);
    tally.dropped(entry(2), '', noon);
    const { counts, deliveries, drops } = tally.take();
    expect([...counts.values()]).toEqual([{ sent: 0, failed: 2 }]);
    expect(deliveries).toMatchObject([
      { messageId: message(2).id, outcome: 'Dropped', reason: 'DroppedByHand' },
      { messageId: message(1).id, outcome: 'Dropped', reason: 'DroppedByHand', reply: 'told by phone' },
    ]);
    expect(drops.map((drop) => dropEvent(drop).note)).toEqual([
      expect.stringContaining('dropped by hand: told by phone'),
      expect.stringContaining('dropped by hand: no reason was given'),
    ]);
  });

  test('when it was dead already is not counted a second time, and still written', () => {
    const tally = createTally();
    tally.dropped(dead, 'she left', noon);
    expect(tally.isEmpty).toBe(false);
    expect([...tally.take().counts]).toEqual([]);
    expect(tally.isEmpty).toBe(true);
  });

  test('is still to be told where it could not be written', () => {
    const tally = createTally();
    tally.settled(settled(1, tooLate), noon);
    const taken = tally.take();
    tally.settled(settled(2, tooLate), noon);
    tally.giveBack(taken);
    expect(tally.take().drops).toMatchObject([{ count: 2, reason: 'TooLate' }]);
  });

  test('is kept of the last twenty, so that the Events of a status are bounded', () => {
    const tally = createTally();
    for (let n = 1; n <= 25; n += 1) tally.dropped(entry(n), `reason ${n}`, noon);
    expect(tally.take().drops).toHaveLength(20);
  });
});
