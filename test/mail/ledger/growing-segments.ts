// Segments in memory, of which some grow, and which a crash of the machine cuts back to what was synced.
import type { GrowingSegment } from '../../../src/store/segments.ts';
import { createMemorySegments, type MemorySegments } from './memory-segments.ts';

export interface GrowingSegments extends MemorySegments {
  readonly grow: (name: string) => Promise<GrowingSegment | { kind: 'unavailable'; message: string }>;
  /** Said by the next `append` or `sync` in place of doing it. */
  fault: { append?: string | undefined; sync?: string | undefined; grow?: string | undefined };
  /** What is left when the machine crashes now; of what was not synced so many bytes. */
  crash(unsynced: number): Map<string, Buffer>;
  /** `sync` waits for this. */
  syncing: Promise<void>;
}

export function createGrowingSegments(): GrowingSegments {
  const memory = createMemorySegments();
  const { blobs } = memory;
  const synced = new Map<string, number>();
  const segments: GrowingSegments = Object.assign(memory, {
    fault: {},
    syncing: Promise.resolve(),
    crash(unsynced: number) {
      const left = (name: string, blob: Buffer) => blob.subarray(0, (synced.get(name) ?? blob.length) + unsynced);
      return new Map([...blobs].map(([name, blob]) => [name, Buffer.from(left(name, blob))]));
    },
    async grow(name: string) {
      const refusal = segments.fault.grow;
      if (refusal !== undefined) return { kind: 'unavailable', message: refusal } as const;
      blobs.set(name, Buffer.alloc(0));
      synced.set(name, 0);
      const step = (kind: 'append' | 'sync') => {
        const message = segments.fault[kind];
        segments.fault = {};
        return message === undefined ? undefined : ({ kind: 'unavailable', message } as const);
      };
      const growing: GrowingSegment = {
        kind: 'growing',
        async append(bytes) {
          const fault = segments.fault.append === undefined ? undefined : step('append');
          // A disk that is full takes a part.
          const taken = fault ? bytes.subarray(0, 10) : bytes;
          blobs.set(name, Buffer.concat([blobs.get(name) ?? Buffer.alloc(0), taken]));
          return fault;
        },
        async sync() {
          await segments.syncing;
          const fault = segments.fault.sync === undefined ? undefined : step('sync');
          if (!fault) synced.set(name, blobs.get(name)?.length ?? 0);
          return fault;
        },
        close: async () => undefined,
      };
      return growing;
    },
  });
  return segments;
}
