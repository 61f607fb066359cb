// Brings the ledger's memory in step with the segments that are there.
import type { LedgerMemory, LoadedSegment } from './ledger-memory.ts';
import { readSegment, type SegmentStore } from './read-segment.ts';

const attempts = 5;
const atOnce = 8;

/** Rejects with a sentence where they cannot be listed or read. */
export async function loadSegments(store: SegmentStore, memory: LedgerMemory): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (await loadOnce(store, memory)) return;
  }
  throw new Error('The ledger cannot be read: others join its segments all the time.');
}

/** False where a segment was listed and then gone: others joined it to a new one, which the next list shows. */
async function loadOnce(store: SegmentStore, memory: LedgerMemory): Promise<boolean> {
  const before = memory.names();
  const names = await store.segments.list();
  const listed = new Set(names);
  // A compaction elsewhere may have dropped ids, so that those of a segment that went cannot be told from others.
  if (before.every((name) => listed.has(name))) {
    const fresh = names.filter((name) => !memory.knows(name));
    return loadAll(store, fresh, (segment) => memory.take(segment));
  }
  const rebuilding = memory.rebuild();
  if (!(await loadAll(store, names, rebuilding.take))) return false;
  rebuilding.replace();
  return true;
}

async function loadAll(
  store: SegmentStore,
  names: readonly string[],
  take: (segment: LoadedSegment) => void,
): Promise<boolean> {
  for (let start = 0; start < names.length; start += atOnce) {
    const some = await Promise.all(names.slice(start, start + atOnce).map((name) => readSegment(store, name)));
    for (const segment of some) {
      if (segment === 'gone') return false;
      take({ ...segment, ids: segment.records.map(({ id }) => id) });
    }
  }
  return true;
}
