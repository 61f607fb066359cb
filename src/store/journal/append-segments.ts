// Appends writes as the next numbers. Where the store cannot say whether a segment was made, the next write looks: one that
// is there and was told as failed is annulled by it. Whoever asks the store may ask it twice: what is there and has the
// very bytes of this write is this write, since its id is in them.

import { randomUUID } from 'node:crypto';
import { errorText } from '../../api/error-text.ts';
import type { JournalWrite } from '../journal.ts';
import { type Changes, decodePart, encodeWrite, type WriteHead } from './journal-segment.ts';
import { type JournalPlace, segmentName } from './read-journal.ts';

export interface Appender {
  /** The number of the next segment. One at a time. */
  next: number;
  append(write: NewWrite): Promise<Appended>;
}

export interface NewWrite {
  readonly changes: Changes;
  readonly whole?: { readonly fences: WriteHead['fences'] };
  readonly opened?: number;
}

export type Appended =
  | { readonly kind: 'written'; readonly first: number; readonly bytes: readonly number[] }
  | Exclude<JournalWrite, { kind: 'written' }>;

export function createAppender(place: JournalPlace): Appender {
  const writer = randomUUID();
  let count = 0;
  /** By id, whether it would be complete: they may or may not be at the next number. */
  const uncertain = new Map<string, boolean>();
  const annuls = new Set<string>();

  const appender: Appender = {
    next: 1,
    async append(write) {
      for (;;) {
        count += 1;
        const head = headOf(write, { id: `${writer}.${count}`, annuls: [...annuls] });
        const parts = await encodeWrite(head, write.changes);
        const result = await appendParts(parts, head.id);
        if (result.kind === 'written') for (const id of head.annuls) annuls.delete(id);
        if (result.kind !== 'again') return result;
      }
    },
  };

  const appendParts = async (parts: readonly Buffer[], id: string): Promise<Appended | Again> => {
    const first = appender.next;
    for (const [index, bytes] of parts.entries()) {
      const result = await place.segments.create(segmentName(place.prefix, appender.next), bytes);
      const found = result.kind === 'exists' ? await segmentAt(place, appender.next) : result;
      if (found.kind === 'unavailable') {
        uncertain.set(id, index === parts.length - 1);
        return found;
      }
      if (found.kind === 'found' && !found.bytes?.equals(bytes)) return ownOrLost(found);
      uncertain.clear();
      appender.next += 1;
    }
    return { kind: 'written', first, bytes: parts.map(({ length }) => length) };
  };

  /** What is at the next number: a segment of ours that was told as failed, or another holder's. */
  const ownOrLost = ({ bytes }: Found): Appended | Again => {
    const id = (bytes && decodePart(bytes)?.id) ?? '';
    const complete = uncertain.get(id);
    if (complete === undefined) return { kind: 'lost' };
    if (complete) annuls.add(id);
    uncertain.clear();
    appender.next += 1;
    return { kind: 'again' };
  };

  return appender;
}

type Again = { readonly kind: 'again' };

function headOf({ whole, opened }: NewWrite, { id, annuls }: Pick<WriteHead, 'id' | 'annuls'>): WriteHead {
  return { id, whole: whole !== undefined, opened, annuls, fences: whole?.fences ?? [] };
}

/** Without bytes: whoever made it, it is gone, and was not ours. */
interface Found {
  readonly kind: 'found';
  readonly bytes: Buffer | undefined;
}

async function segmentAt(
  { segments, prefix }: JournalPlace,
  number: number,
): Promise<Found | Extract<JournalWrite, { kind: 'unavailable' }>> {
  try {
    return { kind: 'found', bytes: await segments.read(segmentName(prefix, number)) };
  } catch (error) {
    return { kind: 'unavailable', message: errorText(error) };
  }
}
