// Writes all texts anew and removes what came before, beside the writes that go on: only the new segments are made in turn
// with them. A crash between any two steps leaves the old segments, or those and new ones, or the new ones alone.
import type { Appended, NewWrite } from './append-segments.ts';
import type { Fence } from './journal-segment.ts';
import { type JournalPlace, readJournal, segmentName } from './read-journal.ts';

export interface Rewriting {
  readonly place: JournalPlace;
  /** Those before are read back; what is written from now on is `later`. */
  readonly before: number;
  readonly later: ReadonlyMap<string, string | undefined>;
  /** In turn with the writes; asks for the write only then. */
  readonly append: (write: () => NewWrite) => Promise<Appended>;
  readonly now: number;
}

/** Once all is written: where it begins, and what before that has to stay. Rejects with a sentence where it cannot be read. */
export type Rewritten = { readonly appended: Appended; readonly fences: readonly Fence[] };

export async function rewriteJournal({ place, before, later, append, now }: Rewriting): Promise<Rewritten> {
  const { texts, fences: all } = await readJournal(place, before);
  const fences = all.filter(({ since }) => now - since < fenceMs);
  const appended = await append(() => {
    for (const [key, text] of later) {
      if (text === undefined) texts.delete(key);
      else texts.set(key, text);
    }
    return { changes: texts, whole: { fences } };
  });
  return { appended, fences };
}

/** The oldest first, so that what is left has no gap. Rejects with a sentence where one cannot be removed. */
export async function removeSegments(
  { segments, prefix }: JournalPlace,
  numbers: readonly number[],
  removed: (number: number) => void,
): Promise<void> {
  for (const number of numbers) {
    await segments.remove(segmentName(prefix, number));
    removed(number);
  }
}

/** Longer than anybody stands still and goes on. */
const fenceMs = 24 * 60 * 60_000;
