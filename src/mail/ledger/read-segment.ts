// Reads one segment, and says when it is damaged.
import type { Segments } from '../../store/segments.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { LedgerRecord } from '../ledger.ts';
import { decodeSegment } from './segment.ts';

export interface SegmentStore {
  readonly segments: Segments;
  readonly newName: () => string;
  readonly problem: (problem: StoreProblem) => void;
}

export interface ReadSegment {
  readonly name: string;
  readonly bytes: number;
  /** Undefined: it is damaged. */
  readonly records: readonly LedgerRecord[] | undefined;
}

export async function readSegment({ segments, problem }: SegmentStore, name: string): Promise<ReadSegment | 'gone'> {
  const bytes = await segments.read(name);
  if (!bytes) return 'gone';
  const records = decodeSegment(bytes);
  if (!records) {
    const message = `Segment ${name} of the ledger is damaged: what it remembers as sent may be sent again. Restore it from a backup, or remove it.`;
    problem({ subject: `ledger segment ${name}`, message, warning: true });
  }
  return { name, bytes: bytes.length, records };
}
