// The kubernetes engine while the API server is away for longer than a lease: on records in memory, since no real server
// is away for twenty minutes in the time of a test.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Ledger } from '../../../src/mail/ledger.ts';
import { openKubernetesOutbox } from '../../../src/mail/outbox/kubernetes.ts';
import { systemClock } from '../../../src/store/clock.ts';
import type { RecordHead, RecordListener, Records } from '../../../src/store/records.ts';
import { createMemoryLeases } from '../../store/memory-leases.ts';
import { attempt, message, noon } from './messages.ts';

const leaseFor = 1_200_000;
const away = { kind: 'unavailable', message: 'the API server is away' } as const;

test('what this replica sent and could not remember yet is not sent again by it, however long that takes', async () => {
  const server: Server = { reachable: true, lostAs: undefined };
  let now = noon;
  const outbox = await openKubernetesOutbox({
    records: recordsOf(server),
    ledger: ledgerOf(server),
    leases: createMemoryLeases(),
    clock: { ...systemClock, now: () => now },
    random: Math.random,
    identity: 'one',
    problem: () => undefined,
  });
  await outbox.accept(message(1));
  const [lease] = await outbox.lease({ now, limit: 1, leaseFor });
  server.reachable = false;
  expect(await lease?.settle({ kind: 'accepted', attempt })).toBe('unavailable');
  now += leaseFor + 1;
  server.reachable = true;
  expect(await outbox.lease({ now, limit: 1, leaseFor })).toEqual([]);
  await outbox.close();
});

/** What the API server did, and its answer came as this. */
describe.each(['conflict', 'unavailable'] as const)('an answer that was lost (%s)', (kind) => {
  const openLosing = async () => {
    const server: Server = { reachable: true, lostAs: undefined };
    const ledger = ledgerOf(server);
    const clock = { ...systemClock, now: () => noon };
    const common = { ledger, leases: createMemoryLeases(), clock, random: Math.random, problem: () => undefined };
    const outbox = await openKubernetesOutbox({ ...common, records: recordsOf(server), identity: 'one' });
    onTestFinished(() => outbox.close());
    await outbox.accept(message(1));
    return { server, outbox };
  };

  test('to a lease holds the message up for seconds, not for the time of the lease', async () => {
    const { server, outbox } = await openLosing();
    server.lostAs = kind;
    expect(await outbox.lease({ now: noon, limit: 1, leaseFor })).toEqual([]);
    server.lostAs = undefined;
    expect(outbox.nextAt()).toBeLessThanOrEqual(noon + 5_000);
    const [lease] = await outbox.lease({ now: noon + 5_000, limit: 1, leaseFor });
    expect(lease?.isHeld()).toBe(true);
    expect(await lease?.settle({ kind: 'accepted', attempt })).toBe('settled');
  });

  test('to what was settled is asked for again, and it counts once', async () => {
    const { server, outbox } = await openLosing();
    const [lease] = await outbox.lease({ now: noon, limit: 1, leaseFor });
    server.lostAs = kind;
    const settlement = { kind: 'retry', notBefore: noon + 60_000, attempt } as const;
    const first = await lease?.settle(settlement);
    server.lostAs = undefined;
    expect(first === 'unavailable' ? await lease?.settle(settlement) : first).toBe('settled');
    expect(await outbox.list()).toMatchObject([{ attempts: 1, notBefore: noon + 60_000 }]);
  });
});

test('what somebody took out of the outbox meanwhile is held no more', async () => {
  const server: Server = { reachable: true, lostAs: undefined };
  const common = { ledger: ledgerOf(server), leases: createMemoryLeases(), clock: systemClock, random: Math.random };
  const records = recordsOf(server);
  const outbox = await openKubernetesOutbox({ ...common, records, problem: () => undefined, identity: 'one' });
  onTestFinished(() => outbox.close());
  await outbox.accept(message(1));
  const [lease] = await outbox.lease({ now: Date.now(), limit: 1, leaseFor });
  expect(lease?.isHeld()).toBe(true);
  await outbox.drop(message(1).id, 'PolicyDeleted');
  expect(lease?.isHeld()).toBe(false);
});

interface Server {
  reachable: boolean;
  lostAs: 'conflict' | 'unavailable' | undefined;
}

function recordsOf(server: Server): Records {
  const kept = new Map<string, { head: RecordHead; readonly body: Buffer }>();
  let listener: RecordListener | undefined;
  return {
    async follow(told) {
      listener = told;
    },
    async create({ name, annotations, body }) {
      const head = { name, version: '1', annotations };
      kept.set(name, { head, body });
      listener?.changed(head);
      return { kind: 'created' };
    },
    async read(name) {
      const found = kept.get(name);
      if (!server.reachable) return away;
      return found ? { kind: 'found', ...found } : { kind: 'gone' };
    },
    async change({ name, version, annotations }) {
      const found = kept.get(name);
      if (!server.reachable) return away;
      if (!found) return { kind: 'gone' };
      if (found.head.version !== version) return { kind: 'conflict' };
      const all = Object.entries({ ...found.head.annotations, ...annotations });
      const left = Object.fromEntries(all.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
      found.head = { name, version: String(Number(version) + 1), annotations: left };
      listener?.changed(found.head);
      if (server.lostAs === 'conflict') return { kind: 'conflict' };
      return server.lostAs ? away : { kind: 'found', ...found };
    },
    async remove(name) {
      if (!server.reachable) return away;
      kept.delete(name);
      listener?.gone(name);
      return { kind: 'removed' };
    },
  };
}

function ledgerOf(server: { readonly reachable: boolean }): Ledger {
  const ids = new Set<string>();
  const reach = () => {
    if (!server.reachable) throw new Error(away.message);
  };
  return {
    has: (id) => ids.has(id),
    async add({ id }) {
      reach();
      ids.add(id);
    },
    refresh: async () => reach(),
    compact: async () => undefined,
    size: { records: 0, segments: 0, bytes: 0 },
  };
}
