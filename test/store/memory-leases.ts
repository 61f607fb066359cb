// Leases in memory that behave as the API server's do, with faults on demand.
import type { LeaseRecord, LeaseStore } from '../../src/store/lease.ts';

export interface MemoryLeases extends LeaseStore {
  readonly records: Map<string, { record: LeaseRecord; version: string }>;
  readonly writes: LeaseRecord[];
  /** `fail`: answers at once that it cannot. `hang`: answers never. */
  mode: 'work' | 'fail' | 'hang';
}

export function createMemoryLeases(): MemoryLeases {
  const records: MemoryLeases['records'] = new Map();
  const writes: LeaseRecord[] = [];
  let revision = 0;
  const failed = { kind: 'failed', message: 'the API server cannot be reached' } as const;
  const trouble = async (signal: AbortSignal) => {
    if (leases.mode === 'fail' || signal.aborted) return true;
    if (leases.mode === 'work') return false;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return true;
  };
  const leases: MemoryLeases = {
    records,
    writes,
    mode: 'work',
    async read(name, signal) {
      if (await trouble(signal)) return failed;
      const held = records.get(name);
      return held ? { kind: 'found', ...held } : { kind: 'missing' };
    },
    async write(name, record, version, signal) {
      if (await trouble(signal)) return failed;
      if (records.get(name)?.version !== version) return { kind: 'conflict' };
      revision += 1;
      records.set(name, { record, version: String(revision) });
      writes.push(record);
      return { kind: 'written', version: String(revision) };
    },
    async remove(name, signal) {
      if (!(await trouble(signal))) records.delete(name);
    },
  };
  return leases;
}
