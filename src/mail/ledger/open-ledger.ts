// The ledger over create-only segments: ids in memory, everything else where it lasts.
//
// What a segment holds is never changed, so that a crash anywhere leaves what was, what was meant, or both: a record that
// is there twice is one. Where the store can, a segment grows record by record until it is full; else each write is one.
import { createBatches } from '../../store/batches.ts';
import type { Clock } from '../../store/clock.ts';
import type { Segments } from '../../store/segments.ts';
import { createTurns } from '../../store/serially.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { Ledger, LedgerRecord } from '../ledger.ts';
import { createRecordAppender } from './append-records.ts';
import { compactSegments } from './compact-segments.ts';
import { createLedgerMemory, type LedgerMemory, type LoadedSegment } from './ledger-memory.ts';
import { loadSegments } from './load-segments.ts';
import { encodeSegments } from './segment.ts';

export interface LedgerOptions {
  /** How long a record waits for company; 5 when absent, for files. A Secret is a write of the API server: better 100. */
  readonly batchMs?: number;
  /** Other replicas write here too; otherwise `refresh` has nothing to do. */
  readonly shared: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  /** Told of segments that cannot be read, whose records are not known, and of joining that failed. */
  readonly problem: (problem: StoreProblem) => void;
  /** Past so many segments the small ones are joined, without waiting for `compact`; 256 when absent. */
  readonly joinAbove?: number;
}

/** Rejects with a sentence where the segments cannot be listed. */
export async function openLedger(segments: Segments, options: LedgerOptions): Promise<Ledger> {
  const memory = createLedgerMemory();
  const newName = () => segmentName(options);
  const { grow } = segments;
  const waitMs = options.batchMs ?? 5;
  const take = (segment: LoadedSegment) => {
    memory.take(segment);
    join();
  };
  const appender = grow && createRecordAppender({ ...options, grow, newName, take, waitMs });
  const store = { segments, newName, problem: options.problem, growing: () => appender?.growing() };
  // Loading and joining see a list of names that nothing else here changes meanwhile.
  const oneByOne = createTurns();
  const refresh = () => oneByOne(() => loadSegments(store, memory, options.clock));
  const join = createJoining(options, memory, () => oneByOne(() => compactSegments(store, memory, () => true)));
  const add =
    appender?.add ??
    createBatches({
      gather: () => options.clock.sleep(waitMs, never),
      async write(records: readonly LedgerRecord[]) {
        await writeRecords(store, memory, records);
        join();
      },
    });

  await refresh();
  return {
    has: (id) => memory.has(id),
    add: async (record, onWritten) => (memory.has(record.id) ? undefined : add(record, onWritten)),
    refresh: async () => (options.shared ? refresh() : undefined),
    compact: ({ now, subjectExists }) =>
      oneByOne(async () => {
        const isNeeded = ({ keepUntil, subject }: LedgerRecord) =>
          keepUntil === undefined ? subjectExists(subject) : keepUntil > now;
        const dropped = await compactSegments(store, memory, isNeeded);
        if (dropped > 0) await loadSegments(store, memory, options.clock);
      }),
    get size() {
      return memory.size;
    },
  };
}

async function writeRecords(
  { segments, newName }: { readonly segments: Segments; readonly newName: () => string },
  memory: LedgerMemory,
  records: readonly LedgerRecord[],
): Promise<void> {
  for (const { bytes, ids } of encodeSegments(records)) {
    const name = newName();
    const result = await segments.create(name, bytes);
    if (result.kind === 'exists') throw new Error(`The ledger cannot be written: segment ${name} is there already.`);
    if (result.kind === 'unavailable') throw new Error(`The ledger cannot be written: ${result.message}`);
    memory.take({ name, bytes: bytes.length, ids });
  }
}

/** Joins in the background, and once more only after that many more segments: many may be full, or joining may fail. */
function createJoining(options: LedgerOptions, memory: LedgerMemory, joinSegments: () => Promise<unknown>): () => void {
  const joinAbove = options.joinAbove ?? 256;
  let next = joinAbove;
  const told = (message: string | undefined) => options.problem({ subject: 'ledger', message, warning: true });
  return () => {
    if (memory.size.segments <= next) return;
    next = Number.POSITIVE_INFINITY;
    const done = (message: string | undefined) => {
      told(message);
      next = Math.max(joinAbove, memory.size.segments + joinAbove / 2);
    };
    joinSegments().then(
      () => done(undefined),
      (error: unknown) => done(`Segments of the ledger cannot be joined: ${String(error)}`),
    );
  };
}

function segmentName({ clock, random }: LedgerOptions): string {
  const suffix = Math.floor(random() * 2 ** 52).toString(36);
  return `${clock.now().toString(36)}-${suffix}`;
}

const never = new AbortController().signal;
