// A segment's bytes: records of the ledger, written once and checked when read.
//
//   magic "RKLEDG1\n" (8) │ SHA-256 of the rest (16) │ count (4, big-endian) │ ids (16 each) │ deflated JSON
//
// The JSON is an array with `[subject, keepUntil]` a record, in the order of the ids; null: while the subject exists.
// The ids are hashes and would not deflate.
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { LedgerRecord } from '../ledger.ts';

/** A quarter of what one object may take in a cluster, so that base64 and company fit. */
export const largestSegment = 256 * 1_024;

const magic = Buffer.from('RKLEDG1\n', 'latin1');
const hashBytes = 16;
const headBytes = magic.length + hashBytes + 4;
const idBytes = 16;
/** More than a segment of the greatest size inflates to, and less than harms. */
const largestText = 16 * 1_024 * 1_024;

export interface EncodedSegment {
  readonly bytes: Buffer;
  readonly ids: readonly string[];
}

/** As few segments as the records need, each within `largestSegment` even if its text did not deflate. */
export function encodeSegments(records: readonly LedgerRecord[]): EncodedSegment[] {
  return splitBySize(records).map((part) => ({ bytes: encode(part), ids: part.map(({ id }) => id) }));
}

/** What a segment of these would take without deflating; how full it is goes by this. */
export function plainSize(records: readonly LedgerRecord[]): number {
  return records.reduce((sum, one) => sum + sizeOf(one), headBytes);
}

/** Undefined: it is damaged, or no segment. */
export function decodeSegment(bytes: Buffer): readonly LedgerRecord[] | undefined {
  if (bytes.length < headBytes || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const hash = bytes.subarray(magic.length, magic.length + hashBytes);
  const content = bytes.subarray(magic.length + hashBytes);
  if (!hash.equals(digest(content))) return undefined;
  const count = content.readUInt32BE(0);
  const idAt = (index: number) => content.toString('hex', 4 + index * idBytes, 4 + (index + 1) * idBytes);
  return inflated(content.subarray(4 + count * idBytes), count)?.map((rest, index) => ({ id: idAt(index), ...rest }));
}

function splitBySize(records: readonly LedgerRecord[]): LedgerRecord[][] {
  const parts: LedgerRecord[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const one of records) {
    const bytes = sizeOf(one);
    // Text that cannot be deflated grows by 5 bytes a block of 32 KiB at most (RFC 1951 §3.2.4).
    if (size + bytes > largestSegment - 1_024) {
      parts.push([]);
      size = headBytes;
    }
    parts.at(-1)?.push(one);
    size += bytes;
  }
  return parts;
}

function sizeOf(one: LedgerRecord): number {
  return idBytes + Buffer.byteLength(JSON.stringify(pairOf(one))) + 1;
}

function encode(records: readonly LedgerRecord[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(records.length);
  const ids = Buffer.concat(records.map(({ id }) => Buffer.from(id, 'hex')));
  const content = Buffer.concat([count, ids, deflateRawSync(JSON.stringify(records.map(pairOf)))]);
  return Buffer.concat([magic, digest(content), content]);
}

function pairOf({ subject, keepUntil }: LedgerRecord): readonly [string, number | null] {
  return [subject, keepUntil ?? null];
}

function inflated(deflated: Buffer, count: number): Omit<LedgerRecord, 'id'>[] | undefined {
  try {
    const pairs: unknown = JSON.parse(inflateRawSync(deflated, { maxOutputLength: largestText }).toString('utf8'));
    if (!Array.isArray(pairs) || pairs.length !== count) return undefined;
    return pairs.map(([subject, keepUntil]) => ({ subject: String(subject), keepUntil: keepUntil ?? undefined }));
  } catch {
    return undefined; // not what this version writes, though the hash is right
  }
}

function digest(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest().subarray(0, hashBytes);
}
