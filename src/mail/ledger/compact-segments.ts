// Joins small segments and drops records, the new ones written before the old ones go. One that grows is left alone.
import type { LedgerRecord } from '../ledger.ts';
import type { LedgerMemory } from './ledger-memory.ts';
import { type ReadSegment, readSegment, type SegmentStore } from './read-segment.ts';
import { encodeSegments, largestSegment, plainSize } from './segment.ts';

/** How many records were dropped. Damaged segments stay as they are. Rejects with a sentence where it cannot go on. */
export async function compactSegments(
  store: SegmentStore,
  memory: LedgerMemory,
  isNeeded: (record: LedgerRecord) => boolean,
): Promise<number> {
  const rewritten: string[] = [];
  const kept: LedgerRecord[] = [];
  const seen = new Set<string>();
  let dropped = 0;
  let repeated = 0;
  for (const name of await store.segments.list()) {
    if (name === store.growing()) continue;
    const segment = await readSegment(store, name);
    if (segment === 'gone' || segment.damaged) continue;
    const needed = segment.records.filter(isNeeded);
    const fresh = needed.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    if (fresh.length === segment.records.length && !isSmall(segment)) continue;
    dropped += segment.records.length - needed.length;
    repeated += needed.length - fresh.length;
    rewritten.push(name);
    kept.push(...fresh);
  }
  const joined = encodeSegments(kept);
  if (dropped + repeated === 0 && joined.length >= rewritten.length) return 0;
  for (const { bytes, ids } of joined) {
    const name = store.newName();
    const result = await store.segments.create(name, bytes);
    if (result.kind === 'exists') throw new Error(`The ledger cannot be compacted: segment ${name} is there already.`);
    if (result.kind === 'unavailable') throw new Error(`The ledger cannot be compacted: ${result.message}`);
    memory.take({ name, bytes: bytes.length, ids });
  }
  for (const name of rewritten) {
    await store.segments.remove(name);
    // Where ids were dropped the memory is to be loaded anew, which it is by a segment that it knows and that is gone.
    if (dropped === 0) memory.moved(name);
  }
  return dropped;
}

function isSmall({ records }: ReadSegment): boolean {
  return plainSize(records) < largestSegment / 2;
}
