// Records in memory that several replicas share, and that can be told to fail.
import type { RecordListener, Records } from '../../../src/store/records.ts';

export interface MemoryRecords extends Records {
  readonly bodies: Map<string, Buffer>;
  broken: boolean;
  creates: number;
}

const unavailable = { kind: 'unavailable', message: 'the disk is away' } as const;

export function createMemoryRecords(): MemoryRecords {
  const listeners = new Set<RecordListener>();
  const headOf = (name: string) => ({ name, version: '1', annotations: {} });
  const records: MemoryRecords = {
    bodies: new Map(),
    broken: false,
    creates: 0,
    async follow(listener, signal) {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener));
      for (const name of records.bodies.keys()) listener.changed(headOf(name));
    },
    async create({ name, body }) {
      records.creates += 1;
      await turn();
      if (records.broken) return unavailable;
      if (records.bodies.has(name)) return { kind: 'exists' };
      records.bodies.set(name, Buffer.from(body));
      for (const listener of listeners) listener.changed(headOf(name));
      return { kind: 'created' };
    },
    async read(name) {
      await turn();
      if (records.broken) return unavailable;
      const body = records.bodies.get(name);
      return body ? { kind: 'found', head: headOf(name), body } : { kind: 'gone' };
    },
    change: async () => ({ kind: 'gone' }),
    async remove(name) {
      await turn();
      if (records.broken) return unavailable;
      if (!records.bodies.delete(name)) return { kind: 'gone' };
      for (const listener of listeners) listener.gone(name);
      return { kind: 'removed' };
    },
  };
  return records;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
