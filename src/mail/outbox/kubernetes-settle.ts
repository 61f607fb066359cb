// What becomes of a leased record. Each change names the version that the lease has, so that it fails where another
// replica took the message meanwhile.
import type { RecordChange, RecordFault, RecordFound } from '../../store/records.ts';
import { progressText } from './entry-text.ts';
import { dropOldestDead } from './kubernetes-change.ts';
import type { KubernetesState } from './kubernetes-state.ts';
import type { Lease, OutboxEntry, Settlement } from './outbox.ts';
import { bodyGone, type OutboxRecord, parseRecord, progressChange, recordName } from './outbox-record.ts';
import { progressAfter } from './progress-after.ts';

export interface LeasedRecord {
  readonly outbox: KubernetesState;
  readonly entry: OutboxEntry;
  readonly token: string;
  readonly version: string;
}

type Settled = ReturnType<Lease['settle']>;

export async function settleRecord(leased: LeasedRecord, settlement: Settlement): Settled {
  const outcome = await settle(leased, settlement);
  if (outcome !== 'unavailable') leased.outbox.presence.release(leased.token);
  return outcome;
}

function settle(leased: LeasedRecord, settlement: Settlement): Settled {
  switch (settlement.kind) {
    case 'accepted':
      return settleSent(leased);
    case 'dropped':
      return whileLeased(leased, (version) => leased.outbox.records.remove(recordName(leased.entry.id), version));
    case 'dead':
      return bury(leased, settlement);
    case 'retry':
      return change(leased, settlement);
  }
}

async function bury(leased: LeasedRecord, settlement: Extract<Settlement, { kind: 'dead' }>): Settled {
  const outcome = await change(leased, settlement);
  if (outcome === 'settled') await dropOldestDead(leased.outbox);
  return outcome;
}

async function settleSent(leased: LeasedRecord): Settled {
  const { outbox, entry } = leased;
  outbox.sent.add(entry.id);
  return outbox.remember(entry, async () => {
    const name = recordName(entry.id);
    const outcome = await whileLeased(leased, (version) => outbox.records.remove(name, version));
    // Also where another holds it now: it would send what is sent.
    const removed = outcome === 'lost' ? await outbox.records.remove(name) : undefined;
    if (removed?.kind === 'unavailable') return tell(leased, removed.message);
    if (outcome === 'unavailable') return outcome;
    outbox.sent.delete(entry.id);
    // It may have gone on in the background, where nobody waits for it any more.
    outbox.presence.release(leased.token);
    return outcome;
  });
}

type Unsent = Extract<Settlement, { kind: 'dead' | 'retry' }>;

function change(leased: LeasedRecord, settlement: Unsent): Settled {
  const progress = progressText(progressAfter(leased.entry, settlement));
  return whileLeased(
    leased,
    (version) => leased.outbox.records.change(changeOf(leased, settlement, version)),
    // The answer to this very change was lost, and it was asked for again.
    ({ entry, lease }) => lease === undefined && progressText(entry) === progress,
  );
}

function changeOf({ entry }: LeasedRecord, settlement: Unsent, version: string): RecordChange {
  const annotations = progressChange(progressAfter(entry, settlement));
  const removeBody = settlement.kind === 'dead' && entry.confidential;
  return {
    name: recordName(entry.id),
    version,
    annotations: removeBody ? { ...annotations, ...bodyGone } : annotations,
    removeBody,
  };
}

type Change = (version: string) => Promise<RecordFound | { readonly kind: 'removed' } | RecordFault>;

/** A conflict is not the end where the lease is still ours: somebody may have put a label on the record. */
async function whileLeased(
  leased: LeasedRecord,
  change: Change,
  isDone: (record: OutboxRecord) => boolean = () => false,
): Settled {
  let version = leased.version;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const result = await change(version);
    if (result.kind === 'gone') return 'lost';
    if (result.kind === 'unavailable') return tell(leased, result.message);
    if (result.kind !== 'conflict') return 'settled';
    const now = await leased.outbox.records.read(recordName(leased.entry.id));
    if (now.kind === 'unavailable') return tell(leased, now.message);
    const record = now.kind === 'found' ? parseRecord(now.head) : undefined;
    if (record && isDone(record)) return 'settled';
    if (now.kind !== 'found' || record?.lease?.token !== leased.token) return 'lost';
    version = now.head.version;
  }
  return 'unavailable';
}

function tell({ outbox, entry }: LeasedRecord, message: string): 'unavailable' {
  outbox.problem({ subject: `outbox record ${recordName(entry.id)}`, message });
  return 'unavailable';
}
