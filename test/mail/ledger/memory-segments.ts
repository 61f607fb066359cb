// Segments in memory that can be told to fail, or to die, at any of their steps.
import type { Segments } from '../../../src/store/segments.ts';

export interface MemorySegments extends Segments {
  readonly blobs: Map<string, Buffer>;
  /** Every call, in order: `create NAME`, `list`, `read NAME`, `remove NAME`. */
  readonly calls: string[];
  /** Called before each call does its work; what it throws the call throws. */
  before: (call: string) => void;
  /** Said by `create` in place of writing. */
  refusal: string | undefined;
}

export function createMemorySegments(blobs = new Map<string, Buffer>()): MemorySegments {
  const step = (call: string) => {
    segments.calls.push(call);
    segments.before(call);
  };
  const segments: MemorySegments = {
    blobs,
    calls: [],
    before: () => {},
    refusal: undefined,
    async create(name, bytes) {
      step(`create ${name}`);
      if (segments.refusal !== undefined) return { kind: 'unavailable', message: segments.refusal };
      if (blobs.has(name)) return { kind: 'exists' };
      blobs.set(name, bytes);
      return { kind: 'written' };
    },
    async list() {
      step('list');
      return [...blobs.keys()];
    },
    async read(name) {
      step(`read ${name}`);
      return blobs.get(name);
    },
    async remove(name) {
      step(`remove ${name}`);
      blobs.delete(name);
    },
  };
  return segments;
}
