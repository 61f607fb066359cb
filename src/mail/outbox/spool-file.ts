// A message as a file of the spool: a line of facts, a line of progress, then the raw message, if it is still there.
import { isObject } from '../../api/json.ts';
import {
  type EntryFacts,
  type EntryProgress,
  factsText,
  parseFacts,
  parseProgress,
  progressText,
} from './entry-text.ts';

export interface SpoolHead {
  readonly facts: EntryFacts;
  readonly progress: EntryProgress;
  /** Grows with each writing: of two files of one message, which a crash may leave, the one with the higher counts. */
  readonly revision: number;
  readonly hasBody: boolean;
  /** Where the raw message begins. */
  readonly headBytes: number;
}

export interface SpoolContent extends Omit<SpoolHead, 'headBytes' | 'hasBody'> {
  readonly raw: Buffer | undefined;
}

export function spoolFile({ facts, progress, revision, raw }: SpoolContent): readonly Buffer[] {
  const mark = JSON.stringify({ revision, hasBody: raw !== undefined });
  const head = Buffer.from(`${factsText(facts)}\n${progressText(progress)}\n${mark}\n`);
  return raw ? [head, raw] : [head];
}

/** Undefined for what `spoolFile` did not write, or where more of it is needed. */
export function parseSpoolHead(start: Buffer): SpoolHead | undefined {
  const ends = lineEnds(start);
  if (!ends) return undefined;
  const [first, second, third] = ends;
  const facts = parseFacts(start.toString('utf8', 0, first));
  const progress = parseProgress(start.toString('utf8', first + 1, second));
  const mark = parseMark(start.toString('utf8', second + 1, third));
  return facts && progress && mark && { facts, progress, ...mark, headBytes: third + 1 };
}

/** The raw message of a whole file; undefined where it is not as long as it was. */
export function rawOf(file: Buffer): Buffer | undefined {
  const head = parseSpoolHead(file);
  if (!head?.hasBody) return undefined;
  const raw = file.subarray(head.headBytes);
  return raw.length === head.facts.bytes ? raw : undefined;
}

function lineEnds(bytes: Buffer): [number, number, number] | undefined {
  const first = bytes.indexOf(0x0a);
  const second = first < 0 ? -1 : bytes.indexOf(0x0a, first + 1);
  const third = second < 0 ? -1 : bytes.indexOf(0x0a, second + 1);
  return third < 0 ? undefined : [first, second, third];
}

function parseMark(text: string): { readonly revision: number; readonly hasBody: boolean } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || typeof value.revision !== 'number' || typeof value.hasBody !== 'boolean') return undefined;
    return { revision: value.revision, hasBody: value.hasBody };
  } catch {
    return undefined; // damaged: the caller says where
  }
}
