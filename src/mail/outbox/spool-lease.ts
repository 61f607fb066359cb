// Hands out messages that are due, each to one taker until it settles or its time is over.
import type { Held } from './due-index.ts';
import { inParallel } from './in-parallel.ts';
import type { Lease, Outbox } from './outbox.ts';
import { rawOf } from './spool-file.ts';
import { settleLease } from './spool-settle.ts';
import type { SpoolExtra, SpoolState } from './spool-state.ts';

type LeaseOptions = Parameters<Outbox['lease']>[0];

export async function leaseMessages(spool: SpoolState, options: LeaseOptions): Promise<readonly Lease[]> {
  const { now, limit, leaseFor } = options;
  const due = spool.index.take(now, limit, options.hold);
  // Held before anything is awaited, so that none is handed out twice.
  const leased = due.map((held): Held<SpoolExtra> => {
    const lease = { ...held, at: now + leaseFor, extra: { ...held.extra, lease: Symbol(held.entry.id) } };
    spool.index.put(lease);
    return lease;
  });
  const leases = await inParallel(leased, readAtOnce, (held) => openLease(spool, held, now));
  return leases.filter((lease) => lease !== undefined);
}

const readAtOnce = 16;
const unreadableWaitMs = 60_000;

async function openLease(spool: SpoolState, held: Held<SpoolExtra>, now: number): Promise<Lease | undefined> {
  const { entry } = held;
  const fresh = spool.bodies.take(entry.id);
  // Sent before a crash that came between the ledger and the file.
  if (spool.ledger.has(entry.id)) return forget(spool, held);
  if (fresh) return leaseOf(spool, held, fresh);
  const file = await spool.files.read('waiting', entry.id);
  if (spool.index.get(entry.id) !== held) return undefined; // dropped meanwhile
  const raw = file.kind === 'found' ? rawOf(file.bytes) : undefined;
  if (raw) return leaseOf(spool, held, raw);
  const why =
    file.kind === 'unavailable'
      ? file.message
      : `its file in the spool is ${file.kind === 'missing' ? 'gone' : 'damaged'}`;
  const message = `Message ${entry.id} to ${entry.envelope.to} cannot be sent: ${why}.`;
  spool.problem({ subject: `spooled message ${entry.id}`, message, warning: true });
  spool.index.put({ ...held, at: now + unreadableWaitMs, extra: { ...held.extra, lease: undefined } });
  return undefined;
}

function leaseOf(spool: SpoolState, held: Held<SpoolExtra>, raw: Buffer): Lease {
  return {
    entry: { ...held.entry, state: 'Leased' },
    raw,
    isHeld: () => spool.index.get(held.entry.id)?.extra.lease === held.extra.lease,
    settle: (settlement, onWritten) => settleLease({ spool, held, raw }, settlement, onWritten),
  };
}

async function forget(spool: SpoolState, { entry }: Held<SpoolExtra>): Promise<undefined> {
  spool.index.remove(entry.id);
  const removed = await spool.files.remove('waiting', entry.id, { durable: false });
  if (removed.kind === 'unavailable')
    spool.problem({ subject: `spooled message ${entry.id}`, message: removed.message });
}
