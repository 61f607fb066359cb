// Takes records that are due, each by a change that the API server grants to one replica alone.
import { errorText } from '../../api/error-text.ts';
import type { Held } from './due-index.ts';
import { inParallel } from './in-parallel.ts';
import { type LeasedRecord, settleRecord } from './kubernetes-settle.ts';
import type { KubernetesState, RecordExtra } from './kubernetes-state.ts';
import type { Lease, Outbox } from './outbox.ts';
import { leaseChange, recordName } from './outbox-record.ts';

type LeaseOptions = Parameters<Outbox['lease']>[0];
type Due = Held<RecordExtra>;

const atOnce = 16;
/** Before what could not be taken is tried again, where nothing else tells. */
const laterMs = 5_000;

export async function leaseRecords(outbox: KubernetesState, options: LeaseOptions): Promise<readonly Lease[]> {
  const due = outbox.index.take(options.now, options.limit, options.hold);
  if (due.length === 0) return [];
  if (!(await ledgerIsUpToDate(outbox))) {
    for (const held of due) offerLater(outbox, { held }, options.now);
    return [];
  }
  const leases = await inParallel(due, atOnce, (held) => leaseRecord(outbox, held, options));
  return leases.filter((lease) => lease !== undefined);
}

async function ledgerIsUpToDate({ ledger, problem }: KubernetesState): Promise<boolean> {
  try {
    await ledger.refresh();
    problem({ subject: 'ledger', message: undefined });
    return true;
  } catch (error) {
    const why = errorText(error);
    problem({ subject: 'ledger', message: `Nothing is sent, since what was sent before is not known: ${why}` });
    return false;
  }
}

async function leaseRecord(outbox: KubernetesState, held: Due, options: LeaseOptions): Promise<Lease | undefined> {
  const { records, ledger, holder, presence } = outbox;
  const name = recordName(held.entry.id);
  // Sent by this replica, which the ledger could not be told yet.
  if (outbox.sent.has(held.entry.id)) return offerLater(outbox, { held }, options.now);
  if (ledger.has(held.entry.id)) {
    // Sent before a crash that came between the ledger and the record.
    const removed = await records.remove(name);
    return removed.kind === 'unavailable' ? offerLater(outbox, { held }, options.now) : undefined;
  }
  const lease = { token: outbox.newToken(), holder, until: options.now + options.leaseFor };
  presence.hold(lease.token, lease.until);
  const taken = await records.change({ name, version: held.extra.version, annotations: leaseChange(lease) });
  if (taken.kind !== 'found') {
    presence.release(lease.token);
    return offerLater(outbox, { held, token: lease.token }, options.now);
  }
  const { body } = taken;
  if (body?.length !== held.entry.bytes) {
    const message = `The record ${name} of the outbox has lost its body and is not sent. Remove it.`;
    outbox.problem({ subject: `outbox record ${name}`, message, warning: true });
    return undefined;
  }
  const leased = { outbox, entry: held.entry, token: lease.token, version: taken.head.version };
  return {
    entry: { ...held.entry, state: 'Leased' },
    raw: body,
    isHeld: () => isHeld(outbox, leased),
    settle: (settlement) => settleRecord(leased, settlement),
  };
}

function isHeld({ index, presence }: KubernetesState, { entry, token }: LeasedRecord): boolean {
  return index.get(entry.id)?.extra.lease?.token === token && presence.mayGoOn(token);
}

/**
 * Unless there was news of it meanwhile: then that counts. But for the news that we took it, where the answer to our change
 * was lost on its way: nobody works on it.
 */
function offerLater(
  { index }: KubernetesState,
  { held, token }: { readonly held: Due; readonly token?: string },
  now: number,
): undefined {
  const known = index.get(held.entry.id);
  const ours = token !== undefined && known?.extra.lease?.token === token;
  if (known && ours) index.put({ ...known, at: now + laterMs, extra: { ...known.extra, lease: undefined } });
  else if (known === held) index.put({ ...held, at: now + laterMs });
}
