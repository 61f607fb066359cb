// What a person does to a message of the spool.
import { deadBeyond, droppedDead } from './dead-beyond.ts';
import type { Held } from './due-index.ts';
import { entryOf } from './entry-text.ts';
import { rawOf, spoolFile } from './spool-file.ts';
import { messageBoxes, type SpoolBox, type SpoolExtra, type SpoolState } from './spool-state.ts';

export async function readBody({ files, index }: SpoolState, id: string): Promise<Buffer | undefined> {
  const held = index.get(id);
  if (!held?.extra.hasBody) return undefined;
  const file = await files.read(boxOf(held), id);
  return file.kind === 'found' ? rawOf(file.bytes) : undefined;
}

export async function retryMessage(spool: SpoolState, id: string): Promise<boolean> {
  const held = spool.index.get(id);
  if (!held) return false;
  if (held.entry.state === 'Dead') return revive(spool, held);
  const now = spool.clock.now();
  // Leased: it is being tried.
  if (held.extra.lease !== undefined && held.at > now) return true;
  spool.index.put({ ...held, entry: { ...held.entry, notBefore: now }, at: now });
  spool.ready.tell();
  return true;
}

export async function dropMessage(spool: SpoolState, id: string, reason: string): Promise<boolean> {
  const { files, index, bodies, dropped } = spool;
  const held = index.get(id);
  if (!held) return false;
  index.remove(id);
  bodies.take(id);
  const removed = await Promise.all(messageBoxes.map((box) => files.remove(box, id, { durable: true })));
  dropped.tell(held.entry, reason);
  return removed.every(({ kind }) => kind === 'done');
}

/** For what has died beside them. Should one be there again after a crash of the machine, it goes the next time. */
export async function dropOldestDead({ files, index, maxDead, problem }: SpoolState): Promise<void> {
  for (const entry of deadBeyond(maxDead, index.dead)) {
    index.remove(entry.id);
    const removed = await files.remove('dead', entry.id, { durable: entry.confidential });
    const message = removed.kind === 'unavailable' ? removed.message : droppedDead(entry, maxDead);
    problem({ subject: 'dead messages of the outbox', message, warning: true });
  }
}

async function revive(spool: SpoolState, held: Held<SpoolExtra>): Promise<boolean> {
  const { files, index, clock } = spool;
  const raw = await readBody(spool, held.entry.id);
  if (!raw) return false;
  const progress = { ...held.entry, notBefore: clock.now(), deadReason: undefined };
  const revision = held.extra.revision + 1;
  const written = await files.write(
    'waiting',
    held.entry.id,
    spoolFile({ facts: held.entry, progress, revision, raw }),
  );
  if (written.kind === 'unavailable') {
    spool.problem({ subject: `spooled message ${held.entry.id}`, message: written.message });
    return false;
  }
  if (index.get(held.entry.id) !== held) return false; // dropped meanwhile
  const extra = { lease: undefined, revision, hasBody: true };
  index.put({ entry: entryOf(held.entry, progress), at: progress.notBefore, extra });
  await files.remove('dead', held.entry.id, { durable: false });
  spool.ready.tell();
  return true;
}

function boxOf({ entry }: Held<SpoolExtra>): SpoolBox {
  return entry.state === 'Dead' ? 'dead' : 'waiting';
}
