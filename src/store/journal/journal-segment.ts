// A segment of the journal: a line of JSON that says to which write it belongs, then a piece of that write's texts, which
// are lines of JSON, gzipped. Each segment but the last of a write is as large as they get.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isObject } from '../../api/json.ts';

export interface WriteHead {
  /** Unlike that of any other write. */
  readonly id: string;
  /** All texts there are, not only changes: what came before counts no more. */
  readonly whole: boolean;
  /** When a holder opened the journal with this write, milliseconds since the epoch; else undefined. */
  readonly opened: number | undefined;
  /** Writes that were told as failed and are there all the same: they count for nothing. */
  readonly annuls: readonly string[];
  /** With `whole`: what of the segments before has to stay (open-journal.ts). */
  readonly fences: readonly Fence[];
}

export interface Fence {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface JournalPart extends WriteHead {
  /** From 1. */
  readonly part: number;
  readonly parts: number;
  readonly piece: Buffer;
}

export type Changes = ReadonlyMap<string, string | undefined>;

/** With room for the head. */
const largestPiece = 255 * 1024;

const newline = 0x0a;
const zip = promisify(gzip);
const unzip = promisify(gunzip);

export async function encodeWrite(head: WriteHead, changes: Changes): Promise<Buffer[]> {
  const lines = [...changes].map((change) => `${JSON.stringify(change)}\n`);
  const zipped = await zip(lines.join(''), { level: 3 });
  const parts = Math.max(1, Math.ceil(zipped.length / largestPiece));
  return Array.from({ length: parts }, (_, index) => {
    const line = `${JSON.stringify({ ...head, part: index + 1, parts })}\n`;
    return Buffer.concat([Buffer.from(line), zipped.subarray(index * largestPiece, (index + 1) * largestPiece)]);
  });
}

/** Undefined for what is no segment of a journal. */
export function decodePart(bytes: Buffer): JournalPart | undefined {
  const end = bytes.indexOf(newline);
  const head = parsed(bytes.subarray(0, Math.max(0, end)).toString('utf8'));
  if (!isHead(head)) return undefined;
  return { ...head, piece: bytes.subarray(end + 1) };
}

/** Of all pieces of one write. Rejects where they are damaged: gzip has a checksum. */
export async function decodeChanges(pieces: readonly Buffer[]): Promise<Changes> {
  const text = (await unzip(Buffer.concat(pieces))).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map(changeOf));
}

/** JSON has no undefined, and makes null of it. */
function changeOf(line: string): [string, string | undefined] {
  const [key, text]: [string, string | null] = JSON.parse(line);
  return [key, text ?? undefined];
}

function isHead(head: unknown): head is Omit<JournalPart, 'piece'> {
  if (!isObject(head)) return false;
  const { id, part, parts, annuls, fences } = head;
  return (
    typeof id === 'string' &&
    Number.isSafeInteger(part) &&
    Number.isSafeInteger(parts) &&
    [annuls, fences].every(Array.isArray)
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says that it is damaged.
    return undefined;
  }
}
