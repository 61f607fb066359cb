// The kubernetes engine while the API server is away for longer than a lease: on records in memory, since no real server
// is away for twenty minutes in the time of a test.
import { expect, test } from 'vitest';
import type { Ledger } from '../../../src/mail/ledger.ts';
import { openKubernetesOutbox } from '../../../src/mail/outbox/kubernetes.ts';
import { systemClock } from '../../../src/store/clock.ts';
import type { RecordHead, RecordListener, Records } from '../../../src/store/records.ts';
import { attempt, message, noon } from './messages.ts';

const leaseFor = 1_200_000;
const away = { kind: 'unavailable', message: 'the API server is away' } as const;

test('what this replica sent and could not remember yet is not sent again by it, however long that takes', async () => {
  const server = { reachable: true };
  let now = noon;
  const outbox = await openKubernetesOutbox({
    records: recordsOf(server),
    ledger: ledgerOf(server),
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

function recordsOf(server: { readonly reachable: boolean }): Records {
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
      return { kind: 'found', ...found };
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
