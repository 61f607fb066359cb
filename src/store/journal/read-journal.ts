// Reads a journal back: its writes in the order of their numbers, from the last that has all texts. A write counts only
// where all its parts are there.
import { errorText } from '../../api/error-text.ts';
import type { Segments } from '../segments.ts';
import { decodeChanges, decodePart, type Fence, type JournalPart, type WriteHead } from './journal-segment.ts';

export interface ReadJournal {
  readonly texts: Map<string, string>;
  /** The highest that is there; 0 where none is. */
  readonly last: number;
  /** All that are there; bytes as stored, 0 for one that did not have to be read. */
  readonly bytesOf: ReadonlyMap<number, number>;
  /** Before this one no segment is needed. */
  readonly neededFrom: number;
  readonly fences: readonly Fence[];
  /** Since the last write that has all texts: how many segments, and the size of what they say. */
  readonly since: { readonly segments: number; readonly bytes: number };
}

export interface JournalPlace {
  readonly segments: Segments;
  readonly prefix: string;
}

/** As of before the segment of this number; absent: now. Rejects with a sentence that names what cannot be read. Changes nothing. */
export async function readJournal(place: JournalPlace, before = Number.POSITIVE_INFINITY): Promise<ReadJournal> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const numbers = await numbersIn(place, before);
    const found = await readBack(place, numbers);
    if (found !== 'gone') return replay(place, numbers, found);
  }
  throw new Error(`The journal ${place.prefix} cannot be read: others rewrite it all the time.`);
}

/** Sorted as text they are sorted as numbers. */
export function segmentName(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(digits, '0')}`;
}

/** The size that counts towards the next rewriting. */
export function changeBytes(key: string, text: string | undefined): number {
  return key.length + (text?.length ?? 0);
}

const attempts = 5;
const digits = 12;
const atOnce = 16;

interface FoundPart extends JournalPart {
  readonly number: number;
  readonly bytes: number;
}

async function numbersIn({ segments, prefix }: JournalPlace, before: number): Promise<number[]> {
  const names = (await segments.list()).filter((name) => name.startsWith(`${prefix}-`));
  const numbers = names.map((name) => name.slice(prefix.length + 1)).filter((text) => /^\d{12}$/.test(text));
  return numbers
    .map(Number)
    .filter((number) => number < before)
    .sort((a, b) => a - b);
}

/** As far back as needed. Another holder that rewrites removes what it listed a moment ago. */
async function readBack(place: JournalPlace, numbers: readonly number[]): Promise<FoundPart[] | 'gone'> {
  let found: FoundPart[] = [];
  for (let end = numbers.length; end > 0; end -= atOnce) {
    const some = await Promise.all(numbers.slice(Math.max(0, end - atOnce), end).map((each) => readPart(place, each)));
    if (some.includes('gone')) return 'gone';
    found = [...some.filter((each) => each !== 'gone'), ...found];
    if (lastWhole(completeWrites(found)) >= 0) break;
  }
  return found;
}

async function readPart({ segments, prefix }: JournalPlace, number: number): Promise<FoundPart | 'gone'> {
  const name = segmentName(prefix, number);
  const bytes = await segments.read(name).catch((error: unknown) => {
    throw new Error(`Segment ${name} of the journal cannot be read: ${textOf(error)}`);
  });
  if (!bytes) return 'gone';
  const part = decodePart(bytes);
  if (!part) throw damaged(name, 'it is no segment of a journal');
  return { ...part, number, bytes: bytes.length };
}

interface FoundWrite extends WriteHead {
  readonly parts: readonly FoundPart[];
  readonly first: number;
}

/** Without those that a later one annuls. */
function completeWrites(found: readonly FoundPart[]): FoundWrite[] {
  const writes: FoundWrite[] = [];
  let open: FoundPart[] = [];
  for (const part of found) {
    const before = open.at(-1);
    const continues = before?.id === part.id && before.part + 1 === part.part && before.number + 1 === part.number;
    if (part.part === 1) open = [part];
    else open = continues ? [...open, part] : [];
    const first = open[0];
    if (first && open.length === part.parts) writes.push({ ...first, parts: open, first: first.number });
  }
  const annulled = new Set(writes.flatMap(({ annuls }) => annuls));
  return writes.filter(({ id }) => !annulled.has(id));
}

function lastWhole(writes: readonly FoundWrite[]): number {
  return writes.findLastIndex(({ whole }) => whole);
}

async function replay(
  { prefix }: JournalPlace,
  numbers: readonly number[],
  found: readonly FoundPart[],
): Promise<ReadJournal> {
  const writes = completeWrites(found);
  const from = Math.max(0, lastWhole(writes));
  const texts = new Map<string, string>();
  const since = { segments: 0, bytes: 0 };
  for (const write of writes.slice(from)) {
    const changes = await changesOf(prefix, write);
    for (const [key, text] of changes) {
      if (text === undefined) texts.delete(key);
      else texts.set(key, text);
      if (!write.whole) since.bytes += changeBytes(key, text);
    }
  }
  const snapshot = writes[from]?.whole ? writes[from] : undefined;
  const neededFrom = snapshot?.first ?? 0;
  since.segments = found.filter(({ number }) => number >= neededFrom + (snapshot?.parts.length ?? 0)).length;
  const read = new Map(found.map(({ number, bytes }) => [number, bytes]));
  return {
    texts,
    last: numbers.at(-1) ?? 0,
    bytesOf: new Map(numbers.map((number) => [number, read.get(number) ?? 0])),
    neededFrom,
    fences: [...(snapshot?.fences ?? []), ...writes.slice(from).flatMap(fencesOf)],
    since,
  };
}

/** Where a holder opened it, and the one before: there goes the next write of whoever held it until then. */
function fencesOf({ opened, first }: FoundWrite): Fence[] {
  if (opened === undefined) return [];
  return [first - 1, first].map((number) => ({ number, since: opened }));
}

async function changesOf(prefix: string, { parts, first }: FoundWrite) {
  try {
    return await decodeChanges(parts.map(({ piece }) => piece));
  } catch (error) {
    throw damaged(segmentName(prefix, first), textOf(error));
  }
}

function damaged(name: string, why: string): Error {
  return new Error(`Segment ${name} of the journal is damaged (${why}); remove it to go on without what it holds.`);
}

function textOf(error: unknown): string {
  return errorText(error);
}
