// Segments in memory of which each call goes as it is told to: done, refused, or done and yet told as refused.
import type { Segments } from '../../../src/store/segments.ts';

export type Fate = 'done' | 'refused' | 'doneUntold';

export interface FaultySegments extends Segments {
  readonly blobs: Map<string, Buffer>;
  /** Of each call before it does anything; `create NAME`, `list`, `read NAME`, `remove NAME`. */
  fate: (call: string) => Fate;
  readonly calls: string[];
}

const outage = 'the disk is away';

export function createFaultySegments(blobs = new Map<string, Buffer>()): FaultySegments {
  /** Throws where the caller is not to hear of it. */
  const step = async <Result>(call: string, work: () => Result): Promise<Result> => {
    segments.calls.push(call);
    const fate = segments.fate(call);
    if (fate === 'refused') throw new Error(outage);
    // As with a real store, others come in between.
    await Promise.resolve();
    const result = work();
    if (fate === 'doneUntold') throw new Error(outage);
    return result;
  };
  const segments: FaultySegments = {
    blobs,
    fate: () => 'done',
    calls: [],
    async create(name, bytes) {
      try {
        return await step(`create ${name}`, () => {
          if (blobs.has(name)) return { kind: 'exists' };
          blobs.set(name, Buffer.from(bytes));
          return { kind: 'written' };
        });
      } catch {
        return { kind: 'unavailable', message: outage };
      }
    },
    list: () => step('list', () => [...blobs.keys()]),
    read: (name) => step(`read ${name}`, () => blobs.get(name)),
    remove: (name) => step(`remove ${name}`, () => void blobs.delete(name)),
  };
  return segments;
}
