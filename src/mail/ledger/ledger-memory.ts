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
  /** To be called before the segments are listed: what is taken from here on may not be in that list. */
  loading(): Loading;
  readonly size: { readonly records: number; readonly segments: number; readonly bytes: number };
}

/** One at a time. */
export interface Loading {
  /** These segments, and what was taken meanwhile, are all that is known from now on. */
  replace(segments: readonly LoadedSegment[]): void;
  end(): void;
}

export function createLedgerMemory(): LedgerMemory {
  let held = createHeld();
  let meanwhile: LoadedSegment[] | undefined;
  return {
    has: (id) => held.ids.has(id),
    knows: (segment) => held.segments.has(segment),
    names: () => [...held.segments.keys()],
    take(segment) {
      put(held, segment);
      meanwhile?.push(segment);
    },
    moved(segment) {
      held.segments.delete(segment);
    },
    loading() {
      const taken: LoadedSegment[] = [];
      meanwhile = taken;
      return {
        replace(segments) {
          held = createHeld();
          for (const segment of [...segments, ...taken]) put(held, segment);
        },
        end() {
          meanwhile = undefined;
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
