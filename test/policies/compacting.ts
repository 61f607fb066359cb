// What every store of segments must do when the ledger is compacted daily: run by a test of each store.
import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { Account } from '../../src/api/account.ts';
import { type Key, keyText } from '../../src/api/resource.ts';
import { openLedger } from '../../src/mail/ledger/open-ledger.ts';
import type { Ledger } from '../../src/mail/ledger.ts';
import { type CompactDeps, compactDaily } from '../../src/policies/compact-daily.ts';
import { systemClock } from '../../src/store/clock.ts';
import type { Segments } from '../../src/store/segments.ts';
import { createTestClock, type TestClock } from '../store/test-clock.ts';
import { until } from './operating.ts';

const hour = 3_600_000;
const day = 24 * hour;

export function compactingConformance(makeSegments: () => Promise<() => Segments>): void {
  test('what accounts were sent is kept while they exist, and forgotten once they are gone', async () => {
    const world = await running(await makeSegments());
    await world.sent('mail/anna', undefined);
    await world.sent('mail/bert', undefined);
    await world.pass(3 * hour);
    expect(await world.known()).toEqual(['mail/anna', 'mail/bert']);
    world.accounts.delete('mail/bert');
    await world.pass(2 * day);
    expect(await world.known()).toEqual(['mail/anna']);
  });

  test('what an account was sent that is not listed yet is spared', async () => {
    const world = await running(await makeSegments());
    await world.pass(hour - 1);
    world.accounts.delete('mail/anna');
    await world.sent('mail/anna', undefined);
    await world.pass(2);
    world.accounts.add('mail/anna');
    await world.pass(hour);
    expect(await world.known()).toEqual(['mail/anna']);
  });

  test('an account that is merely unseen is not taken for one that is gone', async () => {
    const world = await running(await makeSegments(), { accountsComplete: (namespace) => namespace !== 'unseen' });
    await world.sent('unseen/anna', undefined);
    await world.sent('mail/nobody', undefined);
    await world.pass(2 * day);
    expect(await world.known()).toEqual(['unseen/anna']);
  });

  test('a reminder is remembered until its time, whether its subject exists or not', async () => {
    const world = await running(await makeSegments());
    await world.sent('mail/gone', world.clock.now() + 30 * day);
    await world.sent('mail/anna', world.clock.now() + 20 * hour);
    await world.pass(20 * hour);
    expect(await world.known()).toEqual(['mail/gone', 'mail/anna']);
    await world.pass(day);
    expect(await world.known()).toEqual(['mail/gone']);
    await world.pass(29 * day);
    expect(await world.known()).toEqual([]);
  });

  test('a replica that does not remind leaves the ledger to the one that does', async () => {
    let reminds = false;
    const world = await running(await makeSegments(), { mayRemind: () => reminds });
    await world.sent('mail/gone', undefined);
    await world.pass(3 * day);
    expect(await world.known()).toEqual(['mail/gone']);
    reminds = true;
    await world.pass(2 * day);
    expect(await world.known()).toEqual([]);
  });
}

interface World {
  readonly clock: TestClock;
  /** Those that are listed, `namespace/name`. */
  readonly accounts: Set<string>;
  sent(subject: string, keepUntil: number | undefined): Promise<void>;
  /** Of what was sent, in that order, the subjects that the next process will know. */
  known(): Promise<string[]>;
  /** And whatever that starts is done. */
  pass(milliseconds: number): Promise<void>;
}

type Changes = Partial<Pick<CompactDeps, 'mayRemind'>> & {
  readonly accountsComplete?: (namespace: string) => boolean;
};

async function running(segments: () => Segments, changes: Changes = {}): Promise<World> {
  const clock = createTestClock();
  const accounts = new Set(['mail/anna', 'mail/bert']);
  const sent: { readonly id: string; readonly subject: string }[] = [];
  const logged: string[] = [];
  const log = (_fields: object, message: string) => void logged.push(message);
  // Each time another, as after a restart: a segment that is still written to is not compacted.
  const reopen = () => openLedger(segments(), { shared: true, clock: systemClock, random: Math.random, problem });
  let underWay = 0;
  const compact: Ledger['compact'] = async (options) => {
    underWay += 1;
    await (await reopen()).compact(options);
    underWay -= 1;
  };
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort();
    expect(logged).toEqual([]);
  });
  const deps = {
    ledger: { compact } as Ledger,
    history: { add: () => undefined, tidy: async () => undefined },
    store: { accountsComplete: changes.accountsComplete ?? (() => true) } as unknown as CompactDeps['store'],
    accounts: { get: (key: Key) => (accounts.has(keyText(key)) ? stored(key) : undefined) },
    log: { info: log, warn: log, error: log },
    mayRemind: changes.mayRemind ?? (() => true),
    clock,
  };
  compactDaily(deps, stop.signal);
  return {
    clock,
    accounts,
    async sent(subject, keepUntil) {
      const id = createHash('sha256').update(`${sent.length}`).digest('hex').slice(0, 32);
      sent.push({ id, subject });
      await (await reopen()).add({ id, subject, keepUntil });
    },
    async known() {
      const ledger = await reopen();
      return sent.filter(({ id }) => ledger.has(id)).map(({ subject }) => subject);
    },
    async pass(milliseconds) {
      // Hour by hour, so that what one look starts has ended before the next.
      for (let left = milliseconds; left > 0; left -= hour) {
        await clock.advance(Math.min(left, hour));
        await until('the ledger is at rest', () => underWay === 0);
        // The loop goes on to its next sleep.
        await clock.advance(0);
      }
    },
  };
}

function problem({ message }: { readonly message: string | undefined }): void {
  if (message !== undefined) throw new Error(message);
}

function stored({ namespace, name }: Key) {
  return { kind: 'account', account: { namespace, name } as Account } as const;
}
