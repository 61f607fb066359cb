// Keeps the delivery history small: what is too old goes, small segments are joined, and past its bounds the oldest go. What
// is joined is written before the parts go, so that a crash leaves records twice rather than none.
import type { Segments } from '../../store/segments.ts';
import type { DeliveryRecord } from '../delivery-history.ts';
import {
  decodeHistory,
  encodeHistory,
  largestHistorySegment,
  parseSegmentName,
  type SegmentName,
  segmentName,
} from './history-segment.ts';
import { distinct } from './read-history.ts';

export interface HistoryBounds {
  readonly keepFor: number;
  readonly records: number;
  readonly bytes: number;
}

export interface Tidying {
  readonly bounds: HistoryBounds;
  readonly now: number;
  /** 0 to 1. */
  readonly random: () => number;
}

/** Fewer small ones are left as they are. */
const worthJoining = 8;

/** Rejects with a sentence where it cannot go on. */
export async function tidyHistory(segments: Segments, tidying: Tidying): Promise<void> {
  const { bounds, now } = tidying;
  const names = (await segments.list()).flatMap((name) => parseSegmentName(name) ?? []);
  const isOld = ({ newest }: SegmentName) => newest < now - bounds.keepFor;
  for (const { name } of names.filter(isOld)) await segments.remove(name);
  const kept = names.filter((one) => !isOld(one));
  const small = kept.filter(({ bytes }) => bytes < largestHistorySegment / 2);
  const large = kept.filter(({ bytes }) => bytes >= largestHistorySegment / 2);
  const joined = small.length < worthJoining ? small : await join(segments, small, tidying);
  for (const { name } of beyond([...large, ...joined], bounds)) await segments.remove(name);
}

async function join(segments: Segments, small: readonly SegmentName[], tidying: Tidying): Promise<SegmentName[]> {
  const records: DeliveryRecord[] = [];
  const damaged: SegmentName[] = [];
  const joined: SegmentName[] = [];
  for (const one of small) {
    const content = await segments.read(one.name);
    const decoded = content && decodeHistory(content);
    if (content && !decoded) damaged.push(one);
    for (const record of decoded ?? []) records.push(record);
    if (decoded) joined.push(one);
  }
  const recent = distinct(records.filter(({ at }) => at >= tidying.now - tidying.bounds.keepFor));
  const written: SegmentName[] = [];
  for (const part of encodeHistory(recent.sort((one, other) => one.at - other.at))) {
    const name = segmentName(part, tidying.random);
    const result = await segments.create(name, part.content);
    if (result.kind === 'exists')
      throw new Error(`The delivery history cannot be joined: segment ${name} is there already.`);
    if (result.kind === 'unavailable') throw new Error(`The delivery history cannot be joined: ${result.message}`);
    written.push({ ...part, name });
  }
  for (const { name } of joined) await segments.remove(name);
  return [...damaged, ...written];
}

/** The oldest of them, once those that are newer fill the bounds. */
function beyond(names: readonly SegmentName[], bounds: HistoryBounds): SegmentName[] {
  let [records, bytes] = [0, 0];
  return names
    .toSorted((one, other) => other.newest - one.newest)
    .filter((one) => {
      records += one.records;
      bytes += one.bytes;
      return records > bounds.records || bytes > bounds.bytes;
    });
}
