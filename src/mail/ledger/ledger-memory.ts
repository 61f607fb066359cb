// What the ledger holds in memory: the ids, and which segments they came from.
import { createIdSet, type IdSet } from './id-set.ts';

export interface LoadedSegment {
  readonly name: string;
  /** As stored. */
  readonly bytes: number;
  readonly ids: readonly string[];
}

export interface LedgerMemory {
  has(id: string): boolean;
  knows(segment: string): boolean;
  names(): readonly string[];
  take(segment: LoadedSegment): void;
  /** The segment is gone; its ids stay, they are in another now. */
  moved(segment: string): void;
  /** Begins anew. What is taken until `replace` is kept in both. */
  rebuild(): Rebuilding;
  readonly size: { readonly records: number; readonly segments: number; readonly bytes: number };
}

export interface Rebuilding {
  take(segment: LoadedSegment): void;
  replace(): void;
}

export function createLedgerMemory(): LedgerMemory {
  let held = createHeld();
  let next: Held | undefined;
  return {
    has: (id) => held.ids.has(id),
    knows: (segment) => held.segments.has(segment),
    names: () => [...held.segments.keys()],
    take(segment) {
      put(held, segment);
      if (next) put(next, segment);
    },
    moved(segment) {
      held.segments.delete(segment);
    },
    rebuild() {
      const building = createHeld();
      next = building;
      return {
        take: (segment) => put(building, segment),
        replace() {
          held = building;
          next = undefined;
        },
      };
    },
    get size() {
      const bytes = [...held.segments.values()].reduce((sum, each) => sum + each, 0);
      return { records: held.ids.size, segments: held.segments.size, bytes };
    },
  };
}

interface Held {
  readonly ids: IdSet;
  /** By name, the bytes of each. */
  readonly segments: Map<string, number>;
}

function createHeld(): Held {
  return { ids: createIdSet(), segments: new Map() };
}

function put({ ids, segments }: Held, segment: LoadedSegment): void {
  segments.set(segment.name, segment.bytes);
  for (const id of segment.ids) ids.add(id);
}
