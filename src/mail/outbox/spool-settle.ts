// What becomes of a leased message.
import type { FileWrite } from '../../store/spool-files.ts';
import type { Held } from './due-index.ts';
import { type EntryProgress, entryOf } from './entry-text.ts';
import type { Lease, Settlement } from './outbox.ts';
import { progressAfter } from './progress-after.ts';
import { dropOldestDead } from './spool-change.ts';
import { spoolFile } from './spool-file.ts';
import type { SpoolBox, SpoolExtra, SpoolState } from './spool-state.ts';

interface Leased {
  readonly spool: SpoolState;
  /** As it was handed out. */
  readonly held: Held<SpoolExtra>;
  readonly raw: Buffer;
}

type Settled = ReturnType<Lease['settle']>;

export async function settleLease(leased: Leased, settlement: Settlement, onWritten?: () => void): Settled {
  const { spool, held } = leased;
  const ours = isOurs(leased);
  // Nobody else may take it while its settling is under way, or going on in the background.
  if (ours) spool.index.put({ ...held, at: Number.POSITIVE_INFINITY });
  // Sent is sent, also where the lease was lost meanwhile.
  if (settlement.kind === 'accepted') return spool.remember(held.entry, () => forget(leased), onWritten);
  if (!ours) return 'lost';
  const outcome = await settleUnsent(leased, settlement);
  if (outcome === 'unavailable' && isOurs(leased)) spool.index.put(held);
  return outcome;
}

async function settleUnsent(leased: Leased, settlement: Exclude<Settlement, { kind: 'accepted' }>): Settled {
  if (settlement.kind === 'dropped') return remove(leased);
  const progress = progressAfter(leased.held.entry, settlement);
  if (settlement.kind === 'dead') return bury(leased, progress);
  // Given back untried: after a crash it is tried a little sooner, which is no harm.
  if (!settlement.attempt) return offer(leased, progress, leased.held.extra.revision);
  return writeAgain(leased, progress);
}

/** Also where another holds it now: it would send what is sent. */
async function forget(leased: Leased): Settled {
  const ours = isOurs(leased);
  const outcome = await remove(leased);
  return ours ? outcome : 'lost';
}

async function remove(leased: Leased): Settled {
  const { spool, held } = leased;
  // Should it be there again after a crash of the machine, the ledger or the second look tells that it is done with.
  const removed = await spool.files.remove('waiting', held.entry.id, { durable: false });
  if (removed.kind === 'unavailable') return tell(leased, removed.message);
  spool.index.remove(held.entry.id);
  return 'settled';
}

async function writeAgain(leased: Leased, progress: EntryProgress): Settled {
  const { spool, held, raw } = leased;
  const revision = held.extra.revision + 1;
  const content = spoolFile({ facts: held.entry, progress, revision, raw });
  const written = await spool.files.write('waiting', held.entry.id, content);
  tellWritten(spool, 'waiting', written);
  if (written.kind === 'unavailable') return written.kind;
  return isOurs(leased) ? offer(leased, progress, revision) : 'lost';
}

async function bury(leased: Leased, progress: EntryProgress): Settled {
  const { spool, held } = leased;
  const { entry } = held;
  const revision = held.extra.revision + 1;
  const raw = entry.confidential ? undefined : leased.raw;
  const written = await spool.files.write('dead', entry.id, spoolFile({ facts: entry, progress, revision, raw }));
  tellWritten(spool, 'dead', written);
  if (written.kind === 'unavailable') return written.kind;
  if (!isOurs(leased)) return 'lost';
  const extra = { lease: undefined, revision, hasBody: raw !== undefined };
  spool.index.put({ entry: entryOf(entry, progress), at: progress.notBefore, extra });
  const removed = await spool.files.remove('waiting', entry.id, { durable: entry.confidential });
  if (removed.kind === 'unavailable') tell(leased, removed.message);
  await dropOldestDead(spool);
  return 'settled';
}

function offer({ spool, held }: Leased, progress: EntryProgress, revision: number): Awaited<Settled> {
  const extra = { ...held.extra, lease: undefined, revision };
  spool.index.put({ entry: entryOf(held.entry, progress), at: progress.notBefore, extra });
  spool.ready.tell();
  return 'settled';
}

function isOurs({ spool, held }: Leased): boolean {
  return spool.index.get(held.entry.id)?.extra.lease === held.extra.lease;
}

/** A disk that is full is one problem, whichever message it keeps from being written. */
function tellWritten({ problem }: SpoolState, box: SpoolBox, written: FileWrite): void {
  const message = written.kind === 'unavailable' ? written.message : undefined;
  problem({ subject: `folder ${box} of the spool`, message });
}

function tell({ spool, held }: Leased, message: string): 'unavailable' {
  spool.problem({ subject: `spooled message ${held.entry.id}`, message });
  return 'unavailable';
}
