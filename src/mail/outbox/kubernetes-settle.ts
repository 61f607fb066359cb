// What becomes of a leased record. Each change names the version that the lease has, so that it fails where another
// replica took the message meanwhile.
import type { RecordChange, RecordFault, RecordFound } from '../../store/records.ts';
import { dropOldestDead } from './kubernetes-change.ts';
import type { KubernetesState } from './kubernetes-state.ts';
import type { Lease, OutboxEntry, Settlement } from './outbox.ts';
import { bodyGone, parseRecord, progressChange, recordName } from './outbox-record.ts';
import { progressAfter } from './progress-after.ts';

export interface LeasedRecord {
  readonly outbox: KubernetesState;
  readonly entry: OutboxEntry;
  readonly token: string;
  readonly version: string;
}

type Settled = ReturnType<Lease['settle']>;

export function settleRecord(leased: LeasedRecord, settlement: Settlement): Settled {
  switch (settlement.kind) {
    case 'accepted':
      return settleSent(leased);
    case 'dropped':
      return whileLeased(leased, (version) => leased.outbox.records.remove(recordName(leased.entry.id), version));
    case 'dead':
      return bury(leased, settlement);
    case 'retry':
      return whileLeased(leased, (version) => leased.outbox.records.change(changeOf(leased, settlement, version)));
  }
}

async function bury(leased: LeasedRecord, settlement: Extract<Settlement, { kind: 'dead' }>): Settled {
  const change = (version: string) => leased.outbox.records.change(changeOf(leased, settlement, version));
  const outcome = await whileLeased(leased, change);
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
    if (outcome !== 'unavailable') outbox.sent.delete(entry.id);
    return outcome;
  });
}

function changeOf(
  { entry }: LeasedRecord,
  settlement: Extract<Settlement, { kind: 'dead' | 'retry' }>,
  version: string,
): RecordChange {
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
async function whileLeased(leased: LeasedRecord, change: Change): Settled {
  let version = leased.version;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const result = await change(version);
    if (result.kind === 'gone') return 'lost';
    if (result.kind === 'unavailable') return tell(leased, result.message);
    if (result.kind !== 'conflict') return 'settled';
    const now = await leased.outbox.records.read(recordName(leased.entry.id));
    if (now.kind === 'unavailable') return tell(leased, now.message);
    if (now.kind !== 'found' || parseRecord(now.head)?.lease?.token !== leased.token) return 'lost';
    version = now.head.version;
  }
  return 'unavailable';
}

function tell({ outbox, entry }: LeasedRecord, message: string): 'unavailable' {
  outbox.problem({ subject: `outbox record ${recordName(entry.id)}`, message });
  return 'unavailable';
}
