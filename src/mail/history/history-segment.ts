// A segment of the delivery history: gzipped JSON, a record a line, written once. Its name says how recent its newest record
// is, how many it has and how large it is, so that most need not be read to be judged:
//
//   <newest, milliseconds> - <records> - <bytes> - <random>, each in base 36
import { gunzipSync, gzipSync } from 'node:zlib';
import { isObject } from '../../api/json.ts';
import type { DeliveryRecord } from '../delivery-history.ts';

export interface SegmentName {
  readonly name: string;
  readonly newest: number;
  readonly records: number;
  readonly bytes: number;
}

export interface EncodedHistory extends Omit<SegmentName, 'name'> {
  readonly content: Buffer;
}

/** So that base64 and company fit an object of a cluster with room to spare. */
export const largestHistorySegment = 256 * 1_024;

/** As few as they need. */
export function encodeHistory(records: readonly DeliveryRecord[]): EncodedHistory[] {
  if (records.length === 0) return [];
  const text = records.map((record) => JSON.stringify(record)).join('\n');
  const content = text.length > largestText ? undefined : gzipSync(text);
  if (content && (content.length <= largestHistorySegment || records.length === 1)) {
    const newest = records.reduce((latest, { at }) => Math.max(latest, at), 0);
    return [{ content, newest, records: records.length, bytes: content.length }];
  }
  const half = Math.ceil(records.length / 2);
  return [...encodeHistory(records.slice(0, half)), ...encodeHistory(records.slice(half))];
}

/** Undefined: it is damaged, or of another version. */
export function decodeHistory(content: Buffer): readonly DeliveryRecord[] | undefined {
  try {
    const lines = gunzipSync(content, { maxOutputLength: 2 * largestText })
      .toString('utf8')
      .split('\n');
    const records = lines.map((line): unknown => JSON.parse(line));
    return records.every(isRecord) ? records : undefined;
  } catch {
    return undefined; // no gzip or no JSON: the caller tells of it
  }
}

export function segmentName({ newest, records, bytes }: Omit<SegmentName, 'name'>, random: () => number): string {
  return [newest, records, bytes, Math.floor(random() * 2 ** 40)].map((part) => part.toString(36)).join('-');
}

/** Undefined: it is no segment of the history. */
export function parseSegmentName(name: string): SegmentName | undefined {
  if (!/^[0-9a-z]+(-[0-9a-z]+){3}$/.test(name)) return undefined;
  const [newest = 0, records = 0, bytes = 0] = name.split('-').map((part) => Number.parseInt(part, 36));
  return { name, newest, records, bytes };
}

const largestText = 4 * 1_024 * 1_024;

function isRecord(value: unknown): value is DeliveryRecord {
  if (!isObject(value) || !isObject(value.identity)) return false;
  const { policy, subject, rule, ruleKind, occasion, part } = value.identity;
  const texts = [value.id, value.outcome, rule, ruleKind, occasion, part];
  return (
    typeof value.at === 'number' && texts.every((text) => typeof text === 'string') && isKey(policy) && isKey(subject)
  );
}

function isKey(value: unknown): boolean {
  return isObject(value) && typeof value.namespace === 'string' && typeof value.name === 'string';
}
