// The bytes of a segment that grows: records of the ledger, each checked for itself.
//
//   magic "RKLEDGA\n" (8) │ one after another: size of the rest (4) │ CRC-32 of the rest (4) │ id (16) │ keepUntil (8) │ subject
//
// Numbers are big-endian; keepUntil is a float, -1 while the subject exists. A crash of the machine may leave what was
// appended last in part or as zeros: nobody was told that it lasts, so that it is passed over.
import { crc32 } from 'node:zlib';
import type { LedgerRecord } from '../ledger.ts';
import { largestSegment } from './segment.ts';

export const logMagic = Buffer.from('RKLEDGA\n', 'latin1');

export function logEntry({ id, subject, keepUntil }: LedgerRecord): Buffer {
  const entry = Buffer.allocUnsafe(headBytes + fixedBytes + Buffer.byteLength(subject));
  entry.writeUInt32BE(entry.length - headBytes, 0);
  entry.write(id, headBytes, 'hex');
  entry.writeDoubleBE(keepUntil ?? -1, headBytes + idBytes);
  entry.write(subject, headBytes + fixedBytes);
  entry.writeUInt32BE(crc32(entry.subarray(headBytes)), 4);
  return entry;
}

export interface ParsedLog {
  readonly records: readonly LedgerRecord[];
  /** A record is not what was written; those after it are not read. */
  readonly damaged: boolean;
}

/** Undefined: it is no log. */
export function parseLog(bytes: Buffer): ParsedLog | undefined {
  // Cut short before anything was told to last.
  if (logMagic.subarray(0, bytes.length).equals(bytes)) return { records: [], damaged: false };
  if (!bytes.subarray(0, logMagic.length).equals(logMagic)) return undefined;
  const records: LedgerRecord[] = [];
  for (let at = logMagic.length; at < bytes.length; ) {
    const entry = entryAt(bytes, at);
    if (entry.kind !== 'whole') return { records, damaged: entry.kind === 'damaged' };
    records.push(entry.record);
    at = entry.end;
  }
  return { records, damaged: false };
}

const headBytes = 8;
const idBytes = 16;
const fixedBytes = idBytes + 8;

type Entry =
  | { readonly kind: 'whole'; readonly record: LedgerRecord; readonly end: number }
  | { readonly kind: 'unfinished' | 'damaged' };

function entryAt(bytes: Buffer, at: number): Entry {
  const rest = bytes.subarray(at);
  if (rest.length < headBytes || rest.every((byte) => byte === 0)) return { kind: 'unfinished' };
  const size = rest.readUInt32BE(0);
  const content = rest.subarray(headBytes, headBytes + size);
  if (content.length < size && size <= largestSegment) return { kind: 'unfinished' };
  if (size < fixedBytes || crc32(content) !== rest.readUInt32BE(4)) return { kind: 'damaged' };
  const keepUntil = content.readDoubleBE(idBytes);
  const record = {
    id: content.toString('hex', 0, idBytes),
    subject: content.toString('utf8', fixedBytes),
    keepUntil: keepUntil === -1 ? undefined : keepUntil,
  };
  return { kind: 'whole', record, end: at + headBytes + size };
}
