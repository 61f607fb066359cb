// The journal over create-only segments: a write is the next number, or the next few. That nobody can make a number twice
// is the fence: a holder that lost its lease while it stood still finds its next number taken.
//
//        load                write              write …            rewrite
//   ┌──────────────┐   ┌─────────────┐   ┌─────────────┐   ┌──────────────────┐
//   │ N: opened    │ ► │ N+1: change │ ► │ N+2: change │ ► │ M: all texts     │ ► what is before M is removed
//   └──────────────┘   └─────────────┘   └─────────────┘   └──────────────────┘
//
// The next number of whoever held it before is N, or N-1 where its last write is there without its knowing. Removed, it
// could be made again: these two stay for a day.
import { errorText } from '../../api/error-text.ts';
import type { Clock } from '../clock.ts';
import type { Journal, JournalWrite } from '../journal.ts';
import type { Segments } from '../segments.ts';
import { createTurns } from '../serially.ts';
import type { StoreProblem } from '../store.ts';
import { type Appended, createAppender, type NewWrite } from './append-segments.ts';
import type { Changes, Fence } from './journal-segment.ts';
import { changeBytes, type JournalPlace, readJournal } from './read-journal.ts';
import { removeSegments, rewriteJournal } from './rewrite-journal.ts';

export interface JournalOptions {
  /** Of the segments' names: lower-case letters, digits and hyphens. */
  readonly prefix: string;
  readonly clock: Clock;
  /** Of rewriting, which goes on beside the writes. */
  readonly problem: (problem: StoreProblem) => void;
}

/** Only whoever holds the lease may load it: from then on nobody before can write. */
export function openJournal(segments: Segments, { prefix, clock, problem }: JournalOptions): Journal {
  const place: JournalPlace = { segments, prefix };
  const appender = createAppender(place);
  const inTurn = createTurns();
  const book = createBook();
  let stage: 'closed' | 'open' | 'lost' = 'closed';
  /** What is written while a rewriting is under way. */
  let later: Map<string, string | undefined> | undefined;
  let troubled = false;
  let restUntil = Number.NEGATIVE_INFINITY;

  /** In turn. */
  const append = async (write: NewWrite): Promise<Appended> => {
    if (stage === 'lost') return { kind: 'lost' };
    const result = await appender.append(write);
    if (result.kind === 'lost') stage = 'lost';
    if (result.kind === 'written') book.written(write, result);
    return result;
  };

  /** Takes the next number, so that a write of an earlier holder that is under way comes to nothing, or is read. */
  const open = async (): Promise<Map<string, string>> => {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const read = await readJournal(place);
      appender.next = read.last + 1;
      const result = await appender.append({ changes: new Map(), opened: clock.now() });
      if (result.kind === 'unavailable') throw new Error(`The journal ${prefix} cannot be opened: ${result.message}`);
      if (result.kind === 'lost') continue;
      book.read(read);
      book.written({ changes: new Map() }, result);
      stage = 'open';
      if (!tidy()) void remove(read.neededFrom, read.fences);
      return read.texts;
    }
    throw new Error(`The journal ${prefix} cannot be opened: others write to it all the time.`);
  };

  const write = async (changes: Changes): Promise<JournalWrite> => {
    if (stage === 'closed') throw new Error('a journal is written before it was loaded');
    const result = await append({ changes });
    if (result.kind !== 'written') return result;
    for (const [key, text] of changes) later?.set(key, text);
    tidy();
    return { kind: 'written' };
  };

  /** Begins to rewrite where it is worth it; to be called in turn, as it begins at the next number. */
  const tidy = (): boolean => {
    if (later || !book.isLong() || clock.monotonic() < restUntil) return false;
    later = new Map();
    void guarded(() => rewrite(appender.next, later ?? new Map())).finally(() => {
      later = undefined;
    });
    return true;
  };
  const rewrite = async (before: number, changed: Changes) => {
    const { appended, fences } = await rewriteJournal({
      ...{ place, before, later: changed, now: clock.now() },
      append: (next) => inTurn(() => append(next())),
    });
    if (appended.kind === 'unavailable') throw new Error(appended.message);
    if (appended.kind === 'written') await removeSegments(place, book.numbers(appended.first, fences), book.removed);
  };
  const remove = (from: number, fences: readonly Fence[]) =>
    guarded(() => removeSegments(place, book.numbers(from, fences), book.removed));

  /** Nothing is lost where this fails, so that it is tried again later. */
  const guarded = async (work: () => Promise<void>) => {
    const subject = `journal ${prefix}`;
    try {
      await work();
      if (troubled) problem({ subject, message: undefined });
      troubled = false;
    } catch (error) {
      troubled = true;
      restUntil = clock.monotonic() + restMs;
      const why = errorText(error);
      problem({ subject, message: `The journal ${prefix} grows, because it cannot be rewritten: ${why}` });
    }
  };

  return {
    load: () => inTurn(open),
    write: (changes) => inTurn(() => write(changes)),
    get size() {
      return book.size();
    },
  };
}

const attempts = 5;
const restMs = 60_000;
const leastBytes = 64 * 1024;
/** However short they are: each is read one by one by whoever takes over. */
const mostSegments = 256;

/** What is there, in numbers. */
function createBook() {
  /** Bytes as stored. */
  const segments = new Map<number, number>();
  const sizes = new Map<string, number>();
  const since = { segments: 0, bytes: 0 };
  let live = 0;

  const put = (key: string, text: string | undefined) => {
    live -= sizes.get(key) ?? 0;
    if (text === undefined) {
      sizes.delete(key);
      return;
    }
    sizes.set(key, changeBytes(key, text));
    live += changeBytes(key, text);
  };

  return {
    read(read: Awaited<ReturnType<typeof readJournal>>) {
      for (const [number, bytes] of read.bytesOf) segments.set(number, bytes);
      for (const [key, text] of read.texts) put(key, text);
      Object.assign(since, read.since);
    },
    written({ changes, whole }: NewWrite, { first, bytes }: Extract<Appended, { kind: 'written' }>) {
      for (const [index, each] of bytes.entries()) segments.set(first + index, each);
      if (whole) {
        Object.assign(since, { segments: 0, bytes: 0 });
        return;
      }
      since.segments += bytes.length;
      for (const [key, text] of changes) {
        since.bytes += changeBytes(key, text);
        put(key, text);
      }
    },
    removed: (number: number) => void segments.delete(number),
    /** What is not needed any more where all begins there. */
    numbers(before: number, fences: readonly Fence[]): number[] {
      const kept = new Set(fences.map(({ number }) => number));
      return [...segments.keys()].filter((number) => number < before && !kept.has(number)).sort((a, b) => a - b);
    },
    isLong: () => since.segments > mostSegments || since.bytes > Math.max(leastBytes, 2 * live),
    size: () => ({
      texts: sizes.size,
      segments: segments.size,
      bytes: [...segments.values()].reduce((sum, each) => sum + each, 0),
    }),
  };
}
