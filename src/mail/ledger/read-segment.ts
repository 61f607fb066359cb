// Reads one segment, and says when it is damaged.
import type { Segments } from '../../store/segments.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { LedgerRecord } from '../ledger.ts';
import { parseLog } from './record-log.ts';
import { decodeSegment } from './segment.ts';

export interface SegmentStore {
  readonly segments: Segments;
  readonly newName: () => string;
  /** The name of the one that is being added to, if any. */
  readonly growing: () => string | undefined;
  readonly problem: (problem: StoreProblem) => void;
}

export interface ReadSegment {
  readonly name: string;
  readonly bytes: number;
  /** All that can be read. */
  readonly records: readonly LedgerRecord[];
  readonly damaged: boolean;
}

export async function readSegment({ segments, problem }: SegmentStore, name: string): Promise<ReadSegment | 'gone'> {
  const bytes = await segments.read(name);
  if (!bytes) return 'gone';
  const { records, damaged } = parse(bytes);
  if (damaged) {
    const message = `Segment ${name} of the ledger is damaged: what it remembers as sent may be sent again. Restore it from a backup, or remove it.`;
    problem({ subject: `ledger segment ${name}`, message, warning: true });
  }
  return { name, bytes: bytes.length, records, damaged };
}

function parse(bytes: Buffer): Pick<ReadSegment, 'records' | 'damaged'> {
  const log = parseLog(bytes);
  if (log) return log;
  const records = decodeSegment(bytes);
  return { records: records ?? [], damaged: records === undefined };
}
