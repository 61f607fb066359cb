// All that the delivery history holds since an instant, the oldest first, each once.
import type { Segments } from '../../store/segments.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { DeliveryRecord } from '../delivery-history.ts';
import { decodeHistory, parseSegmentName } from './history-segment.ts';

export interface ReadOptions {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Told of segments that cannot be read. */
  readonly problem: (problem: StoreProblem) => void;
}

const attempts = 5;
const atOnce = 8;

/** Rejects with a sentence where segments cannot be listed or read. */
export async function readHistory(segments: Segments, options: ReadOptions): Promise<readonly DeliveryRecord[]> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = await readOnce(segments, options);
    if (found) return distinct(found.filter(({ at }) => at >= options.since)).sort((one, other) => one.at - other.at);
  }
  throw new Error('The delivery history cannot be read: its segments are joined all the time.');
}

/** What is there twice was joined by two replicas at once, or by one that was killed in the middle of it. */
export function distinct(records: readonly DeliveryRecord[]): DeliveryRecord[] {
  return [...new Map(records.map((one) => [`${one.id} ${one.at} ${one.outcome}`, one])).values()];
}

/** Undefined where a segment was listed and then gone: what it held is in another, which the next list shows. */
async function readOnce(segments: Segments, { since, problem }: ReadOptions): Promise<DeliveryRecord[] | undefined> {
  const names = (await segments.list()).flatMap((name) => parseSegmentName(name) ?? []);
  const recent = names.filter(({ newest }) => newest >= since);
  const records: DeliveryRecord[] = [];
  for (let start = 0; start < recent.length; start += atOnce) {
    const some = recent.slice(start, start + atOnce);
    const contents = await Promise.all(some.map(({ name }) => segments.read(name)));
    for (const [index, content] of contents.entries()) {
      if (!content) return undefined;
      const decoded = decodeHistory(content);
      const name = some[index]?.name ?? '';
      if (!decoded) problem({ subject: `delivery history ${name}`, message: damaged(name), warning: true });
      for (const one of decoded ?? []) records.push(one);
    }
  }
  return records;
}

function damaged(name: string): string {
  return `Segment ${name} of the delivery history is damaged: what it tells of deliveries is not known any more.`;
}
