// What every engine of the outbox must do. Run over each by a test file of its own.
import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../../src/mail/ledger.ts';
import type { Lease, Outbox, OutboxEntry, Settlement } from '../../../src/mail/outbox/outbox.ts';
import type { Clock } from '../../../src/store/clock.ts';
import { systemClock } from '../../../src/store/clock.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { eventually } from '../../store/eventually.ts';
import { attempt, confidential, message, noon, password } from './messages.ts';

/** A place for one outbox and its ledger, empty at first. */
export interface OutboxWorld {
  /** An engine with its own process's memory over what is there; closed at the end of the test. */
  open(options: {
    readonly clock: Clock;
    readonly maxMessages?: number;
    readonly maxDead?: number;
    readonly problem?: (problem: StoreProblem) => void;
  }): Promise<OpenOutbox>;
  /** All that the engine keeps, bodies decoded, to look for what should be gone. */
  stored(): Promise<string>;
}

export interface OpenOutbox {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
}

const minute = 60_000;

export function outboxConformance(createWorld: () => Promise<OutboxWorld>): void {
  const setUp = async (options: Omit<Parameters<OutboxWorld['open']>[0], 'clock'> = {}) => {
    const world = await createWorld();
    const clock = { ...systemClock, now: () => noon };
    const reopen = () => world.open({ clock, ...options });
    return { world, reopen, ...(await reopen()) };
  };

  describe('accepting', () => {
    test('a message is there once it is accepted, and after a restart', async () => {
      const { outbox, reopen } = await setUp();
      expect(await outbox.accept(message(1))).toEqual({ kind: 'accepted' });
      expect(await outbox.list()).toEqual([waitingEntry(1)]);
      await outbox.close();
      const { outbox: again } = await reopen();
      expect(await again.list()).toEqual([waitingEntry(1)]);
      expect(await again.read(message(1).id)).toEqual(message(1).raw);
      expect(again.nextAt()).toBe(noon);
    });

    test('a second time it is known, at once and after a restart', async () => {
      const { outbox, reopen } = await setUp();
      await outbox.accept(message(1));
      expect(await outbox.accept(message(1))).toEqual({ kind: 'known' });
      await outbox.close();
      expect(await (await reopen()).outbox.accept(message(1))).toEqual({ kind: 'known' });
    });

    test('asked ten times at once it is accepted once', async () => {
      const { outbox } = await setUp();
      const results = await Promise.all(Array.from({ length: 10 }, () => outbox.accept(message(1))));
      expect(results.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
      expect(results.filter(({ kind }) => kind === 'known')).toHaveLength(9);
      expect(await outbox.list()).toHaveLength(1);
    });

    test('what the ledger remembers is known', async () => {
      const { outbox, ledger } = await setUp();
      await ledger.add({ id: message(1).id, subject: 'mail/guest-1', keepUntil: undefined });
      expect(await outbox.accept(message(1))).toEqual({ kind: 'known' });
      expect(await outbox.list()).toEqual([]);
    });

    test('a full outbox says so, and takes messages again once there is room', async () => {
      const { outbox } = await setUp({ maxMessages: 2 });
      await outbox.accept(message(1));
      await outbox.accept(message(2));
      expect(await outbox.accept(message(3))).toEqual({
        kind: 'full',
        message: 'The outbox holds 2 messages, the most that it may.',
      });
      expect(await outbox.accept(message(1))).toEqual({ kind: 'known' });
      await outbox.drop(message(2).id, 'Removed');
      expect(await outbox.accept(message(3))).toEqual({ kind: 'accepted' });
    });

    test('dead messages do not count, and the oldest of too many are dropped, which is said', async () => {
      const told: string[] = [];
      const { outbox, reopen } = await setUp({
        ...{ maxMessages: 2, maxDead: 3 },
        problem: ({ message: said }) => void (said === undefined || told.push(said)),
      });
      for (const n of [3, 5, 1, 4, 2]) {
        expect(await outbox.accept(message(n))).toEqual({ kind: 'accepted' });
        const lease = await leaseOne(outbox);
        const died = { ...attempt, at: noon + n };
        expect(await lease.settle({ kind: 'dead', reason: 'MailboxUnavailable', attempt: died })).toBe('settled');
      }
      const dead = async (from: Outbox) => (await from.list()).map(({ id }) => id).sort();
      // When 4 died, 1 was the oldest; when 2 did, it was so itself.
      const kept = [3, 4, 5].map((n) => message(n).id).sort();
      expect(await dead(outbox)).toEqual(kept);
      expect(told).toEqual([1, 2].map((n) => expect.stringContaining(`the oldest, ${message(n).id} of rule`)));
      await outbox.close();
      expect(await dead((await reopen()).outbox)).toEqual(kept);
    });

    test('every field comes back as it was given', async () => {
      const { outbox, reopen } = await setUp();
      const odd = message(1, {
        envelope: { from: '', to: 'jörg"\n@例え.jp' },
        subject: `"quoted"\r\n{}\u2028 ${'ä'.repeat(900)}`,
        rememberUntil: noon + 5,
        seen: '',
        confidential: true,
        raw: Buffer.from([0, 10, 13, 255, 10]),
      });
      await outbox.accept(odd);
      await outbox.close();
      const { raw, ...facts } = odd;
      const { outbox: again } = await reopen();
      expect(await again.list()).toEqual([expect.objectContaining({ ...facts, bytes: 5 })]);
      expect(await again.read(odd.id)).toEqual(raw);
    });

    test('a message of half a megabyte comes through', async () => {
      const { outbox } = await setUp();
      const raw = Buffer.alloc(500_000, 'attachment\r\n');
      expect(await outbox.accept(message(1, { raw }))).toEqual({ kind: 'accepted' });
      expect((await leaseOne(outbox)).raw.equals(raw)).toBe(true);
    });
  });

  describe('leasing', () => {
    test('a message is handed out with its body, and to nobody else while it is held', async () => {
      const { outbox } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      expect(lease.raw).toEqual(message(1).raw);
      expect(lease.entry).toMatchObject({ id: message(1).id, state: 'Leased', attempts: 0 });
      expect(await outbox.lease({ now: noon, limit: 10, leaseFor: minute })).toEqual([]);
      expect(await outbox.list()).toEqual([{ ...waitingEntry(1), state: 'Leased' }]);
    });

    test('what a message tells beside itself is remembered once it was sent, also after a restart', async () => {
      const { outbox, reopen } = await setUp();
      const tells = [2, 3].map((n) => ({ id: message(n).id, subject: `mail/guest-${n}`, keepUntil: noon + 1e9 }));
      await outbox.accept(message(1, { tells }));
      await outbox.close();
      const { outbox: again, ledger } = await reopen();
      expect((await again.list())[0]?.tells).toEqual(tells);
      expect(tells.map(({ id }) => ledger.has(id))).toEqual([false, false]);
      await (await leaseOne(again)).settle({ kind: 'accepted', attempt });
      expect(tells.map(({ id }) => ledger.has(id))).toEqual([true, true]);
    });

    test('how a message is sent without its policy is known after a restart', async () => {
      const { outbox, reopen } = await setUp();
      const relays = [{ namespace: 'mail', name: 'corporate' }];
      const routes = [{ relays, from: 'alarms@example.com' }, { relays, from: undefined }, undefined];
      for (const [n, route] of routes.entries()) await outbox.accept(message(n, route && { route }));
      await outbox.close();
      const { outbox: again } = await reopen();
      const known = new Map((await again.list()).map(({ id, route }) => [id, route]));
      expect(routes.map((_, n) => known.get(message(n).id))).toEqual(routes);
    });

    test.each<Settlement>([
      { kind: 'dropped', reason: 'TooLate' },
      { kind: 'dead', reason: 'MailboxUnavailable', attempt },
      { kind: 'retry', notBefore: noon + minute, attempt },
    ])('of a message that is settled as $kind nothing that it tells is remembered', async (settlement) => {
      const { outbox, ledger } = await setUp();
      await outbox.accept(
        message(1, { tells: [{ id: message(2).id, subject: 'mail/guest-2', keepUntil: undefined }] }),
      );
      await (await leaseOne(outbox)).settle(settlement);
      expect(ledger.has(message(2).id)).toBe(false);
    });

    test('what waits is counted by policy and rule, a leased one too, a settled or dead one no more', async () => {
      const { outbox, reopen } = await setUp();
      const { policy } = message(1).identity;
      for (const n of [1, 2, 3]) await outbox.accept(message(n));
      const counts = (from: Outbox) => [...from.waiting(policy)];
      const lease = await leaseOne(outbox);
      expect(counts(outbox)).toEqual([['Credentials/guest-credentials', 3]]);
      await lease.settle({ kind: 'accepted', attempt });
      await (await leaseOne(outbox)).settle({ kind: 'dead', reason: 'MailboxUnavailable', attempt });
      expect(counts(outbox)).toEqual([['Credentials/guest-credentials', 1]]);
      expect([...outbox.waiting({ ...policy, name: 'other' })]).toEqual([]);
      await outbox.close();
      const { outbox: again } = await reopen();
      expect(counts(again)).toEqual([['Credentials/guest-credentials', 1]]);
      await (await leaseOne(again)).settle({ kind: 'dropped', reason: 'TooLate' });
      expect(counts(again)).toEqual([]);
    });

    test('what is held stays as it was until nothing holds it or its time is over, and the others go', async () => {
      const { outbox, reopen } = await setUp();
      for (const n of [1, 2]) await outbox.accept(message(n));
      await outbox.accept(message(3, { deliverBy: noon + minute }));
      const before = await outbox.list();
      const only = (...names: number[]) => {
        const ids = names.map((n) => message(n).id);
        return ({ id }: { readonly id: string }) => (ids.includes(id) ? `relay of ${id}` : undefined);
      };
      const ask = { limit: 9, leaseFor: minute };
      const [second, ...more] = await outbox.lease({ ...ask, now: noon, hold: only(1, 3) });
      expect([second?.entry.id, more]).toEqual([message(2).id, []]);
      await second?.settle({ kind: 'retry', notBefore: noon, attempt: undefined });
      expect(await outbox.lease({ ...ask, now: noon, hold: only(1, 2, 3) })).toEqual([]);
      expect(sorted(await outbox.list())).toEqual(sorted(before));
      // The end of their time is what comes next.
      expect(outbox.nextAt()).toBe(noon + minute + 1);
      const late = await outbox.lease({ ...ask, now: noon + minute + 1, hold: only(1, 2, 3) });
      expect(late.map(({ entry }) => entry.id)).toEqual([message(3).id]);
      expect(await outbox.retry(message(1).id)).toBe(true);
      const free = await outbox.lease({ ...ask, now: noon + minute, hold: only(1) });
      expect(free.map(({ entry }) => entry.id)).toEqual([message(2).id]);
      await outbox.close();
      expect(sorted(await (await reopen()).outbox.list()).map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
    });

    test('a try that reached no relay is shown, also after a restart, and not counted', async () => {
      const { outbox, reopen } = await setUp();
      await outbox.accept(message(1));
      const unreached = { ...attempt, reply: 'connection refused' };
      const lease = await leaseOne(outbox);
      await lease.settle({ kind: 'retry', notBefore: noon + minute, attempt: unreached, unreached: true });
      await outbox.close();
      const expected = [{ attempts: 0, notBefore: noon + minute, lastAttempt: unreached }];
      expect(await (await reopen()).outbox.list()).toMatchObject(expected);
    });

    test('many who ask at once get each message once', async () => {
      const { outbox } = await setUp();
      await acceptAll(outbox, 30);
      const leased = await Promise.all(
        Array.from({ length: 6 }, () => outbox.lease({ now: noon, limit: 10, leaseFor: minute })),
      );
      const ids = leased.flat().map(({ entry }) => entry.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(30);
    });

    test('no more than were asked for are handed out', async () => {
      const { outbox } = await setUp();
      await acceptAll(outbox, 5);
      expect(await outbox.lease({ now: noon, limit: 2, leaseFor: minute })).toHaveLength(2);
      expect(await outbox.lease({ now: noon, limit: 9, leaseFor: minute })).toHaveLength(3);
    });

    test('a lease that ran out is handed out again, and the late one settles nothing', async () => {
      const { outbox } = await setUp();
      await outbox.accept(message(1));
      const late = await leaseOne(outbox);
      expect(outbox.nextAt()).toBe(noon + minute);
      const second = await leaseOne(outbox, noon + minute);
      expect(await late.settle({ kind: 'retry', notBefore: 0, attempt })).toBe('lost');
      expect(await late.settle({ kind: 'dead', reason: 'MailboxUnavailable', attempt })).toBe('lost');
      expect(await late.settle({ kind: 'dropped', reason: 'TooLate' })).toBe('lost');
      expect(await second.settle({ kind: 'accepted', attempt })).toBe('settled');
      expect(await outbox.list()).toEqual([]);
    });

    test('a lease that ran out settles where nobody took the message meanwhile', async () => {
      const { outbox } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      expect(await lease.settle({ kind: 'accepted', attempt })).toBe('settled');
      expect(await outbox.lease({ now: noon + 2 * minute, limit: 1, leaseFor: minute })).toEqual([]);
    });

    test('what a lost lease sent is remembered and gone all the same', async () => {
      const { outbox, ledger } = await setUp();
      await outbox.accept(message(1));
      const late = await leaseOne(outbox);
      const second = await leaseOne(outbox, noon + minute);
      expect(await late.settle({ kind: 'accepted', attempt })).toBe('lost');
      expect(ledger.has(message(1).id)).toBe(true);
      expect(await outbox.list()).toEqual([]);
      expect(await second.settle({ kind: 'retry', notBefore: noon, attempt })).toBe('lost');
      expect(await outbox.list()).toEqual([]);
    });

    test('after a restart what was held is there again once the lease is over', async () => {
      const { outbox, reopen } = await setUp();
      await outbox.accept(message(1));
      await leaseOne(outbox);
      await outbox.close();
      const { outbox: again } = await reopen();
      expect((await leaseOne(again, noon + minute)).raw).toEqual(message(1).raw);
    });
  });

  describe('settling', () => {
    test('what was accepted is gone and remembered, also after a restart', async () => {
      const { outbox, ledger, reopen } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      expect(await lease.settle({ kind: 'accepted', attempt })).toBe('settled');
      expect(await outbox.list()).toEqual([]);
      expect(outbox.nextAt()).toBeUndefined();
      expect(await outbox.read(message(1).id)).toBeUndefined();
      expect(ledger.has(message(1).id)).toBe(true);
      await outbox.close();
      const again = await reopen();
      expect(await again.outbox.accept(message(1))).toEqual({ kind: 'known' });
      expect(await again.outbox.list()).toEqual([]);
    });

    test('a retry comes when it is time, with what happened, also after a restart', async () => {
      const { outbox, reopen } = await setUp();
      await outbox.accept(message(1));
      const greylisted = { ...attempt, reply: '451 4.7.1 Greylisted' };
      const lease = await leaseOne(outbox);
      expect(await lease.settle({ kind: 'retry', notBefore: noon + minute, attempt: greylisted })).toBe('settled');
      expect(outbox.nextAt()).toBe(noon + minute);
      expect(await outbox.lease({ now: noon + minute - 1, limit: 1, leaseFor: minute })).toEqual([]);
      await outbox.close();
      const { outbox: again } = await reopen();
      const expected = { ...waitingEntry(1), attempts: 1, notBefore: noon + minute, lastAttempt: greylisted };
      expect(await again.list()).toEqual([expected]);
      const second = await leaseOne(again, noon + minute);
      expect(second.raw).toEqual(message(1).raw);
      expect(second.entry).toEqual({ ...expected, state: 'Leased' });
    });

    test('what was given back untried counts no attempt and may be leased at once', async () => {
      const { outbox } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      expect(await lease.settle({ kind: 'retry', notBefore: noon, attempt: undefined })).toBe('settled');
      expect(await outbox.list()).toEqual([waitingEntry(1)]);
      expect((await leaseOne(outbox)).entry.attempts).toBe(0);
    });

    test('a dead one is shown, not leased, known, and kept over a restart', async () => {
      const { outbox, ledger, reopen } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      expect(await lease.settle({ kind: 'dead', reason: 'MailboxUnavailable', attempt })).toBe('settled');
      const dead: OutboxEntry = {
        ...waitingEntry(1),
        state: 'Dead',
        attempts: 1,
        lastAttempt: attempt,
        deadReason: 'MailboxUnavailable',
      };
      expect(await outbox.list()).toEqual([dead]);
      expect(outbox.nextAt()).toBeUndefined();
      await outbox.close();
      const { outbox: again } = await reopen();
      expect(await again.list()).toEqual([dead]);
      expect(await again.lease({ now: noon + 9 * minute, limit: 1, leaseFor: minute })).toEqual([]);
      expect(await again.accept(message(1))).toEqual({ kind: 'known' });
      expect(await again.read(message(1).id)).toEqual(message(1).raw);
      expect(ledger.has(message(1).id)).toBe(false);
    });

    test('a dropped one is gone, not remembered, and may be accepted again', async () => {
      const { outbox, ledger } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      expect(await lease.settle({ kind: 'dropped', reason: 'TooLate' })).toBe('settled');
      expect(await outbox.list()).toEqual([]);
      expect(ledger.has(message(1).id)).toBe(false);
      expect(await outbox.accept(message(1))).toEqual({ kind: 'accepted' });
    });

    test('where the ledger knew and the outbox did not yet, a restart sends nothing twice', async () => {
      const { outbox, ledger, reopen } = await setUp();
      await acceptAll(outbox, 3);
      await ledger.add({ id: message(1).id, subject: 'mail/guest-1', keepUntil: undefined });
      await outbox.close();
      const { outbox: again } = await reopen();
      const leases = await again.lease({ now: noon, limit: 9, leaseFor: minute });
      expect(leases.map(({ entry }) => entry.id).sort()).toEqual([message(0).id, message(2).id].sort());
      await eventually('the third is gone', async () => (await again.list()).length === 2);
    });

    test.each([
      ['accepted', { kind: 'accepted', attempt }],
      ['dead', { kind: 'dead', reason: 'MailboxUnavailable', attempt }],
      ['dropped', { kind: 'dropped', reason: 'TooLate' }],
    ] as const)('a password is gone from the store once its message is %s', async (_, settlement) => {
      const { outbox, world, reopen } = await setUp();
      await outbox.accept(confidential(1));
      expect(await world.stored()).toContain(password);
      const lease = await leaseOne(outbox);
      expect(await lease.settle(settlement)).toBe('settled');
      expect(await world.stored()).not.toContain(password);
      await outbox.close();
      const { outbox: again } = await reopen();
      expect(await again.read(confidential(1).id)).toBeUndefined();
      expect(await again.retry(confidential(1).id)).toBe(false);
    });
  });

  describe('a person', () => {
    test('tries a dead message again', async () => {
      const { outbox, reopen } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      await lease.settle({ kind: 'dead', reason: 'MailboxUnavailable', attempt });
      expect(await outbox.retry(message(1).id)).toBe(true);
      const expected = { ...waitingEntry(1), attempts: 1, lastAttempt: attempt };
      expect(await outbox.list()).toEqual([expected]);
      await outbox.close();
      const { outbox: again } = await reopen();
      expect(await again.list()).toEqual([expected]);
      expect((await leaseOne(again)).raw).toEqual(message(1).raw);
    });

    test('tries a waiting message at once', async () => {
      const { outbox } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      await lease.settle({ kind: 'retry', notBefore: noon + 60 * minute, attempt });
      expect(await outbox.retry(message(1).id)).toBe(true);
      expect(outbox.nextAt()).toBe(noon);
      expect((await leaseOne(outbox)).entry.attempts).toBe(1);
    });

    test('does not take a message from who is trying it', async () => {
      const { outbox } = await setUp();
      await outbox.accept(message(1));
      const lease = await leaseOne(outbox);
      expect(await outbox.retry(message(1).id)).toBe(true);
      expect(await outbox.lease({ now: noon, limit: 1, leaseFor: minute })).toEqual([]);
      expect(await lease.settle({ kind: 'accepted', attempt })).toBe('settled');
    });

    test('drops a waiting, a leased and a dead message', async () => {
      const { outbox, world, reopen } = await setUp();
      await outbox.accept(message(1));
      const buried = await leaseOne(outbox);
      await buried.settle({ kind: 'dead', reason: 'MailboxUnavailable', attempt });
      await outbox.accept(message(2));
      const leased = await leaseOne(outbox);
      await outbox.accept(message(3));
      const told: string[] = [];
      outbox.onDropped(({ id }, reason) => told.push(`${id} ${reason}`));
      for (const n of [1, 2, 3]) expect(await outbox.drop(message(n).id, 'Removed')).toBe(true);
      expect(told).toEqual([1, 2, 3].map((n) => `${message(n).id} Removed`));
      expect(await leased.settle({ kind: 'retry', notBefore: noon, attempt })).toBe('lost');
      expect(await outbox.list()).toEqual([]);
      expect(await world.stored()).not.toContain('Welcome');
      await outbox.close();
      expect(await (await reopen()).outbox.list()).toEqual([]);
    });

    test('is told where there is no such message', async () => {
      const { outbox } = await setUp();
      expect(await outbox.read(message(1).id)).toBeUndefined();
      expect(await outbox.retry(message(1).id)).toBe(false);
      expect(await outbox.drop(message(1).id, 'Removed')).toBe(false);
    });
  });

  test('who waits for messages is told of what is accepted, given back and retried', async () => {
    const { outbox } = await setUp();
    let told = 0;
    outbox.onReady(() => {
      told += 1;
    });
    const isTold = async (by: () => Promise<unknown>) => {
      const before = told;
      await by();
      await eventually('the listener was told', () => told > before);
    };
    await isTold(() => outbox.accept(message(1)));
    const lease = await leaseOne(outbox);
    await isTold(() => lease.settle({ kind: 'retry', notBefore: noon + minute, attempt }));
    await isTold(() => outbox.retry(message(1).id));
  });

  test('the next time is the earliest of all that may be tried', async () => {
    const { outbox } = await setUp();
    expect(outbox.nextAt()).toBeUndefined();
    await acceptAll(outbox, 3);
    expect(outbox.nextAt()).toBe(noon);
    const leases = await outbox.lease({ now: noon, limit: 3, leaseFor: 9 * minute });
    expect(outbox.nextAt()).toBe(noon + 9 * minute);
    await leases[1]?.settle({ kind: 'retry', notBefore: noon + 5 * minute, attempt });
    await leases[2]?.settle({ kind: 'retry', notBefore: noon + 3 * minute, attempt });
    expect(outbox.nextAt()).toBe(noon + 3 * minute);
  });
}

export function waitingEntry(n: number): OutboxEntry {
  const { raw, ...facts } = message(n);
  return {
    ...facts,
    bytes: raw.length,
    state: 'Waiting',
    attempts: 0,
    notBefore: noon,
    lastAttempt: undefined,
    deadReason: undefined,
  };
}

export async function leaseOne(outbox: Outbox, now: number = noon): Promise<Lease> {
  const [lease] = await outbox.lease({ now, limit: 1, leaseFor: minute });
  if (!lease) throw new Error('there was nothing to lease');
  return lease;
}

export async function acceptAll(outbox: Outbox, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, n) => outbox.accept(message(n))));
}

function sorted(entries: readonly OutboxEntry[]): OutboxEntry[] {
  return [...entries].sort((a, b) => a.id.localeCompare(b.id));
}
