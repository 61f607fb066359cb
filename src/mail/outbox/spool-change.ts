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

/** For what has died beside them. */
export async function dropOldestDead({ files, index, maxDead, problem }: SpoolState): Promise<void> {
  for (const entry of deadBeyond(maxDead, index.dead)) {
    index.remove(entry.id);
    // Where somebody revives it just now: durable removals come after the writes that were asked for before them.
    const removed = await Promise.all(messageBoxes.map((box) => files.remove(box, entry.id, { durable: true })));
    const failed = removed.find((one) => one.kind === 'unavailable');
    const message = failed ? failed.message : droppedDead(entry, maxDead);
    problem({ subject: 'dead messages of the outbox', message, warning: true });
  }
}

async function revive(spool: SpoolState, dead: Held<SpoolExtra>): Promise<boolean> {
  const { files, index, clock } = spool;
  const { id } = dead.entry;
  const raw = await readBody(spool, id);
  if (!raw) return false;
  // Dropped meanwhile; or somebody else revives it too.
  if (index.get(id) !== dead) return index.get(id) !== undefined;
  // Nothing is awaited from here until the write is asked for: a drop removes what was asked for before it.
  const held = { ...dead };
  index.put(held);
  const progress = { ...held.entry, notBefore: clock.now(), deadReason: undefined };
  const revision = held.extra.revision + 1;
  const written = await files.write('waiting', id, spoolFile({ facts: held.entry, progress, revision, raw }));
  if (written.kind === 'unavailable') {
    spool.problem({ subject: `spooled message ${id}`, message: written.message });
    return false;
  }
  if (index.get(id) !== held) return false; // dropped meanwhile
  // Before it may be tried, which may bury it again.
  await files.remove('dead', id, { durable: false });
  if (index.get(id) !== held) return false;
  const extra = { lease: undefined, revision, hasBody: true };
  index.put({ entry: entryOf(held.entry, progress), at: progress.notBefore, extra });
  spool.ready.tell();
  return true;
}

function boxOf({ entry }: Held<SpoolExtra>): SpoolBox {
  return entry.state === 'Dead' ? 'dead' : 'waiting';
}
