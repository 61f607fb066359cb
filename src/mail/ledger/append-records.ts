// Adds records to a segment that grows. Two loops that do not wait for each other: one appends what has come meanwhile, so
// that the end of the process undoes it no more, the other syncs what was appended and only then says that it lasts.
//
//     add ──► waiting ──append──► written (onWritten) ──sync──► durable: add resolves
//                 └────────────fails──────┴──► add rejects; what comes later goes to a new segment
import type { Clock } from '../../store/clock.ts';
import type { GrowingSegment, GrowthFault } from '../../store/segments.ts';
import type { Ledger, LedgerRecord } from '../ledger.ts';
import { isMessageId } from './id-set.ts';
import type { LedgerMemory } from './ledger-memory.ts';
import { logEntry, logMagic } from './record-log.ts';
import { largestSegment } from './segment.ts';

export interface AppendOptions {
  readonly grow: (name: string) => Promise<GrowingSegment | GrowthFault>;
  readonly newName: () => string;
  /** Told what lasts. */
  readonly take: LedgerMemory['take'];
  /** How long what was written waits to be synced together with others. */
  readonly waitMs: number;
  readonly clock: Clock;
}

export interface RecordAppender {
  readonly add: Ledger['add'];
  /** The segment that is being added to, or about to be made. */
  readonly growing: () => string | undefined;
}

export function createRecordAppender({ grow, newName, take, waitMs, clock }: AppendOptions): RecordAppender {
  const waiting: Item[] = [];
  let written: Item[] = [];
  let log: Log | undefined;
  let name: string | undefined;
  let appending = false;
  let syncing: Promise<void> | undefined;

  async function appendAll(): Promise<void> {
    appending = true;
    for (let first = waiting[0]; first; first = waiting[0]) {
      const to = await logWithRoom(first);
      if (to.kind === 'unavailable') rejectAll(waiting.splice(0), to.message);
      else await append(to, waiting.splice(0, fitting(waiting, room - to.bytes)));
    }
    appending = false;
  }

  async function logWithRoom({ entry }: Item): Promise<Log | GrowthFault> {
    if (log && log.fault === undefined && log.bytes + entry.length <= room) return log;
    await syncing;
    await log?.file.close();
    log = undefined;
    name = newName();
    const file = await grow(name);
    if (file.kind === 'unavailable') return file;
    log = { kind: 'log', name, file, bytes: 0, fault: undefined };
    return log;
  }

  async function append(to: Log, items: readonly Item[]): Promise<void> {
    const entries = items.map(({ entry }) => entry);
    const bytes = Buffer.concat(to.bytes === 0 ? [logMagic, ...entries] : entries);
    const fault = (await to.file.append(bytes))?.message ?? to.fault;
    if (fault !== undefined) {
      to.fault = fault;
      rejectAll(items, fault);
      return;
    }
    to.bytes += bytes.length;
    for (const { onWritten } of items) onWritten?.();
    written.push(...items);
    syncing ??= syncAll(to);
  }

  async function syncAll(of: Log): Promise<void> {
    // Once one sync fails, the next may succeed and have left out what the first one should have written.
    let fault: string | undefined;
    while (written.length > 0) {
      await clock.sleep(waitMs, never);
      const items = written;
      written = [];
      const { bytes } = of;
      fault ??= (await of.file.sync())?.message;
      if (fault !== undefined) {
        of.fault = fault;
        rejectAll(items, fault);
        continue;
      }
      take({ name: of.name, bytes, ids: items.map(({ record }) => record.id) });
      for (const { durable } of items) durable.resolve();
    }
    syncing = undefined;
  }

  return {
    async add(record, onWritten) {
      if (!isMessageId(record.id)) throw new TypeError(`"${record.id}" is no message id`);
      const item = { record, onWritten, entry: logEntry(record), durable: Promise.withResolvers<void>() };
      waiting.push(item);
      if (!appending) void appendAll();
      await item.durable.promise;
    },
    growing: () => name,
  };
}

interface Item {
  readonly record: LedgerRecord;
  readonly onWritten: (() => void) | undefined;
  readonly entry: Buffer;
  readonly durable: PromiseWithResolvers<void>;
}

interface Log {
  readonly kind: 'log';
  readonly name: string;
  readonly file: GrowingSegment;
  bytes: number;
  /** Nothing is added any more. */
  fault: string | undefined;
}

const room = largestSegment - logMagic.length;
const never = new AbortController().signal;

/** How many of them so many bytes hold; one at least. */
function fitting(items: readonly Item[], bytes: number): number {
  let left = bytes;
  const first = items.findIndex(({ entry }) => {
    left -= entry.length;
    return left < 0;
  });
  return first < 0 ? items.length : Math.max(1, first);
}

function rejectAll(items: readonly Item[], why: string): void {
  for (const { durable } of items) durable.reject(new Error(`The ledger cannot be written: ${why}`));
}
