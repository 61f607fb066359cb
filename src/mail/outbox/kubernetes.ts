// The outbox as one record a message, shared by replicas: the engine in a cluster, where a record is a Secret.
//
// A message costs three writes: create, lease, remove; each try that failed two more: lease, change. Its ledger record
// shares a write with others. Whoever leases has seen the record first and then brought the ledger up to date, in this
// order: what another replica sent is in the ledger before its record went, so before another of its name could be made.
import type { LeaseStore } from '../../store/lease.ts';
import type { Records } from '../../store/records.ts';
import { type AbsenceOptions, watchForAbsence } from './absent-holders.ts';
import { createAcceptOnce } from './accept-once.ts';
import { createEngineState, type EngineOptions } from './engine-state.ts';
import { entryNow } from './entry-now.ts';
import { dropRecord, readRecordBody, retryRecord } from './kubernetes-change.ts';
import { leaseRecords } from './kubernetes-lease.ts';
import type { KubernetesState, RecordExtra } from './kubernetes-state.ts';
import { createLeftLeases, type LeftLeases } from './left-leases.ts';
import type { AcceptResult, Outbox, OutboxMessage } from './outbox.ts';
import { newRecord, type RecordLease } from './outbox-record.ts';
import { createPresence } from './presence.ts';
import { recordListener } from './record-listener.ts';
import { createRememberSent } from './remember-sent.ts';

/** The ledger is shared, as the records are. */
export interface KubernetesOutboxOptions extends EngineOptions {
  readonly records: Records;
  /** Where replicas show that they live. */
  readonly leases: LeaseStore;
  readonly random: () => number;
  /** This replica's name: no other process that lives has it, and one that starts again has the same. */
  readonly identity: string;
}

/** How many messages wait at most, unless it is said. */
const most = 10_000;

/** Resolves once it has seen what is there, or cannot see it, which the records' own problem says. */
export async function openKubernetesOutbox(options: KubernetesOutboxOptions): Promise<Outbox> {
  const { identity, clock, random, ledger, records } = options;
  const { remember, end } = createRememberSent(options);
  const closing = new AbortController();
  const tokenPrefix = `${identity}:${clock.now().toString(36)}:${Math.floor(random() * 2 ** 32).toString(36)}:`;
  const presence = createPresence(options);
  const outbox: KubernetesState = {
    ...createEngineState<RecordExtra>(options, most),
    records,
    remember,
    holder: identity,
    newToken: createCounter(tokenPrefix),
    presence,
    sent: new Set(),
  };
  const leftLeases = createLeftLeases({ holder: identity, tokenPrefix, presence });
  await records.follow(recordListener({ ...outbox, leftLeases }), closing.signal);
  leftLeases.seenAll();
  const watching = watchForAbsence(absenceOf(outbox, { leases: options.leases, leftLeases }), closing.signal);
  return {
    accept: createAcceptOnce({ ...outbox, ledger, store: (message) => createRecord(outbox, message) }),
    lease: (asked) => leaseRecords(outbox, asked),
    nextAt: () => outbox.index.nextAt(),
    list: async () => [...outbox.index.all()].map((held) => entryNow(held, clock.now())),
    waiting: outbox.index.waiting,
    read: (id) => readRecordBody(outbox, id),
    retry: (id) => retryRecord(outbox, id),
    drop: (id, reason) => dropRecord(outbox, id, reason),
    onReady: outbox.ready.listen,
    onDropped: outbox.dropped.listen,
    async close() {
      await end();
      closing.abort();
      await Promise.all([watching, presence.end()]);
    },
  };
}

async function createRecord({ records }: KubernetesState, message: OutboxMessage): Promise<AcceptResult> {
  const result = await records.create(newRecord(message));
  switch (result.kind) {
    case 'created':
      return { kind: 'accepted' };
    case 'exists':
      return { kind: 'known' };
    case 'unavailable':
      return result;
  }
}

function absenceOf(
  { index, holder, clock, ready, problem }: KubernetesState,
  { leases, leftLeases }: { readonly leases: LeaseStore; readonly leftLeases: LeftLeases },
): AbsenceOptions {
  const isForeign = (lease: RecordLease | undefined): lease is RecordLease =>
    lease !== undefined && lease.holder !== holder && lease.until > clock.now();
  return {
    leases,
    clock,
    foreign: () => [...index.all()].map(({ extra }) => extra.lease).filter(isForeign),
    free(tokens) {
      leftLeases.add(tokens);
      const freed = [...index.all()].filter(({ extra: { lease } }) => lease && tokens.has(lease.token));
      for (const { entry, extra } of freed)
        index.put({ entry, at: entry.notBefore, extra: { ...extra, lease: undefined } });
      const holders = [...new Set(freed.map(({ extra }) => extra.lease?.holder))].join(', ');
      const message = `Replica ${holders} has not been heard of; ${freed.length} messages that it had leased are free again.`;
      problem({ subject: 'leases of a replica that is gone', message, warning: true });
      ready.tell();
    },
  };
}

function createCounter(prefix: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}${count}`;
  };
}
