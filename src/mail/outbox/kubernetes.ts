// The outbox as one record a message, shared by replicas: the engine in a cluster, where a record is a Secret.
//
// A message costs three writes: create, lease, remove; each try that failed two more: lease, change. Its ledger record
// shares a write with others. Whoever leases has seen the record first and then brought the ledger up to date, in this
// order: what another replica sent is in the ledger before its record went, so before another of its name could be made.
import type { Records } from '../../store/records.ts';
import { createAcceptOnce } from './accept-once.ts';
import { createEngineState, type EngineOptions } from './engine-state.ts';
import { entryNow } from './entry-now.ts';
import { dropRecord, readRecordBody, retryRecord } from './kubernetes-change.ts';
import { leaseRecords } from './kubernetes-lease.ts';
import type { KubernetesState, RecordExtra } from './kubernetes-state.ts';
import { createLeftLeases } from './left-leases.ts';
import type { AcceptResult, Outbox, OutboxMessage } from './outbox.ts';
import { newRecord } from './outbox-record.ts';
import { recordListener } from './record-listener.ts';
import { createRememberSent } from './remember-sent.ts';

/** The ledger is shared, as the records are. */
export interface KubernetesOutboxOptions extends EngineOptions {
  readonly records: Records;
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
  const started = `${identity}:${clock.now().toString(36)}:${Math.floor(random() * 2 ** 32).toString(36)}`;
  const outbox: KubernetesState = {
    ...createEngineState<RecordExtra>(options, most),
    records,
    remember,
    holder: identity,
    newToken: createCounter(started),
    sent: new Set(),
  };
  const leftLeases = createLeftLeases(identity);
  await records.follow(recordListener({ ...outbox, leftLeases }), closing.signal);
  leftLeases.seenAll();
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

function createCounter(prefix: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}:${count}`;
  };
}
