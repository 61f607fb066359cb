// What replicas do to the segments while another one reads them.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openLedger } from '../../../src/mail/ledger/open-ledger.ts';
import { systemClock } from '../../../src/store/clock.ts';
import type { Segments } from '../../../src/store/segments.ts';
import { createMemorySegments } from './memory-segments.ts';

const everything = { now: Date.UTC(2026, 10, 24), subjectExists: () => true };
const impatient = { ...systemClock, sleep: async () => undefined };

test('what was added just after the segments were listed is not forgotten, though all are read anew', async () => {
  const segments = createMemorySegments();
  const mine = await open(segments);
  const other = await open(segments);
  for (let n = 0; n < 3; n += 1) await other.add(record(n));
  await mine.refresh();
  await other.compact(everything);
  const { list } = segments;
  segments.list = async () => {
    const names = await list();
    segments.list = list;
    await mine.add(record(7));
    return names;
  };
  await mine.refresh();
  expect([0, 1, 2, 7].filter((n) => mine.has(id(n)))).toEqual([0, 1, 2, 7]);
  expect(mine.size).toMatchObject({ records: 4, segments: 2 });
});

test.each(['at the start', 'later'])('others may join segments many times while they are read %s', async (when) => {
  const segments = createMemorySegments();
  const other = await open(segments);
  for (let n = 0; n < 20; n += 1) await other.add(record(n));
  let left = when === 'later' ? 0 : 7;
  const busy: Segments = {
    ...segments,
    async list() {
      const names = await segments.list();
      if (left === 0) return names;
      left -= 1;
      // Between the list and the reading another one is added, and all the small ones are joined.
      await other.add(record(100 + left));
      await other.compact(everything);
      return names;
    },
  };
  const mine = await open(busy);
  if (when === 'later') {
    await other.compact(everything);
    left = 7;
  }
  await mine.refresh();
  expect(left).toBe(0);
  expect([...numbers(20), 100, 106].every((n) => mine.has(id(n)))).toBe(true);
});

test('what was read before a segment went is not read again', async () => {
  const segments = createMemorySegments();
  const other = await open(segments);
  for (let n = 0; n < 12; n += 1) await other.add(record(n));
  const [first = '', ...rest] = segments.blobs.keys();
  segments.before = (call) => {
    if (call === `read ${first}`) segments.blobs.delete(first);
  };
  segments.calls.length = 0;
  await open(segments);
  for (const name of rest) expect(segments.calls.filter((call) => call === `read ${name}`)).toHaveLength(1);
});

function open(segments: Segments) {
  return openLedger(segments, {
    batchMs: 1,
    shared: true,
    clock: impatient,
    random: Math.random,
    problem: ({ message }) => {
      if (message !== undefined) throw new Error(message);
    },
  });
}

function record(n: number) {
  return { id: id(n), subject: `accounts/guest-${n}`, keepUntil: undefined };
}

function id(n: number): string {
  return createHash('sha256').update(String(n)).digest('hex').slice(0, 32);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
