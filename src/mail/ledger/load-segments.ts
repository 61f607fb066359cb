// Brings the ledger's memory in step with the segments that are there.
import type { Clock } from '../../store/clock.ts';
import type { LedgerMemory, LoadedSegment, Loading } from './ledger-memory.ts';
import { type ReadSegment, readSegment, type SegmentStore } from './read-segment.ts';

/** Others join segments in seconds, also where the API server is slow. */
const attempts = 10;
const firstPauseMs = 20;
const longestPauseMs = 2_000;
const atOnce = 8;

/** Rejects with a sentence where they cannot be listed or read. */
export async function loadSegments(store: SegmentStore, memory: LedgerMemory, clock: Clock): Promise<void> {
  const read: ReadBefore = new Map();
  let pause = firstPauseMs;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const loading = memory.loading();
    try {
      if (await loadOnce({ store, memory, loading, read })) return;
    } finally {
      loading.end();
    }
    await clock.sleep(pause, never);
    pause = Math.min(2 * pause, longestPauseMs);
  }
  throw new Error('The ledger cannot be read: others join its segments all the time.');
}

const never = new AbortController().signal;

/** A segment never changes: what was read in an earlier attempt need not be read again. */
type ReadBefore = Map<string, LoadedSegment>;

interface LoadStep {
  readonly store: SegmentStore;
  readonly memory: LedgerMemory;
  readonly loading: Loading;
  readonly read: ReadBefore;
}

/** False where a segment was listed and then gone: others joined it to a new one, which the next list shows. */
async function loadOnce({ store, memory, loading, read }: LoadStep): Promise<boolean> {
  const before = memory.names();
  const names = await store.segments.list();
  const listed = new Set(names);
  // A compaction elsewhere may have dropped ids, so that those of a segment that went cannot be told from others.
  const anew = before.some((name) => !listed.has(name));
  const wanted = anew ? names : names.filter((name) => !memory.knows(name));
  const complete = await readAll(store, wanted, read);
  if (!complete) return false;
  const segments = wanted.flatMap((name) => read.get(name) ?? []);
  if (anew) loading.replace(segments);
  else for (const segment of segments) memory.take(segment);
  return true;
}

/** Goes on where one is gone: what it reads is not read again. */
async function readAll(store: SegmentStore, names: readonly string[], read: ReadBefore): Promise<boolean> {
  const growing = store.growing();
  const missing = names.filter((name) => !read.has(name) || name === growing);
  let complete = true;
  for (let start = 0; start < missing.length; start += atOnce) {
    const some = await Promise.all(missing.slice(start, start + atOnce).map((name) => readSegment(store, name)));
    for (const segment of some) {
      if (segment === 'gone') complete = false;
      else read.set(segment.name, loaded(segment));
    }
  }
  return complete;
}

function loaded({ name, bytes, records }: ReadSegment): LoadedSegment {
  return { name, bytes, ids: records.map(({ id }) => id) };
}
