// The ledger where a segment can grow: what a kill undoes, what a crash of the machine undoes, and what faults leave.
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLedger } from '../../../src/mail/ledger/open-ledger.ts';
import { logEntry, logMagic, parseLog } from '../../../src/mail/ledger/record-log.ts';
import { largestSegment } from '../../../src/mail/ledger/segment.ts';
import type { LedgerRecord } from '../../../src/mail/ledger.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import type { Segments } from '../../../src/store/segments.ts';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import { createGrowingSegments } from './growing-segments.ts';
import { createMemorySegments } from './memory-segments.ts';

const everything = { now: Date.UTC(2026, 10, 24), subjectExists: () => true };

describe('what was sent', () => {
  test('is one segment, however many there are, until it is full', async () => {
    const segments = createGrowingSegments();
    const { ledger } = await open(segments);
    for (let n = 0; n < 5; n += 1) await ledger.add(record(n));
    expect(ledger.size).toEqual({ records: 5, segments: 1, bytes: [...segments.blobs.values()][0]?.length });
    await Promise.all(numbers(10_000).map((n) => ledger.add(record(n))));
    const sizes = [...segments.blobs.values()].map(({ length }) => length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(largestSegment);
    const { ledger: again } = await open(segments);
    expect(numbers(10_000).every((n) => again.has(id(n)))).toBe(true);
  });

  test('is told as written before it lasts, and a kill then does not undo it', async () => {
    const segments = createGrowingSegments();
    const synced = Promise.withResolvers<void>();
    segments.syncing = synced.promise;
    const { ledger } = await open(segments);
    const written = Promise.withResolvers<void>();
    let lasts = false;
    const added = ledger.add(record(1), written.resolve).then(() => {
      lasts = true;
    });
    await written.promise;
    expect(lasts).toBe(false);
    expect((await open(createMemorySegments(segments.blobs))).ledger.has(id(1))).toBe(true);
    synced.resolve();
    await added;
    expect(ledger.has(id(1))).toBe(true);
  });

  test('is known after a crash of the machine once it was added, wherever that cut off what came after', async () => {
    const segments = createGrowingSegments();
    const { ledger } = await open(segments);
    await ledger.add(record(1));
    const never = Promise.withResolvers<void>();
    segments.syncing = never.promise;
    const written = Promise.withResolvers<void>();
    const added = ledger.add(record(2), written.resolve);
    await written.promise;
    const length = logEntry(record(2)).length;
    for (let unsynced = 0; unsynced <= length; unsynced += 1) {
      const { ledger: after, problems } = await open(createMemorySegments(segments.crash(unsynced)));
      expect([1, 2].map((n) => after.has(id(n)))).toEqual([true, unsynced === length]);
      expect(problems).toEqual([]);
      await after.compact(everything);
      expect(after.size).toMatchObject({ records: unsynced === length ? 2 : 1 });
    }
    never.resolve();
    await added;
  });

  test.each(['append', 'sync', 'grow'] as const)(
    'and cannot be kept, by a fault of %s, is not known, and may be added again',
    async (step) => {
      const segments = createGrowingSegments();
      const { ledger } = await open(segments);
      if (step !== 'grow') await ledger.add(record(1));
      segments.fault = { [step]: 'no space left on the device (ENOSPC)' };
      await expect(ledger.add(record(2))).rejects.toThrow('The ledger cannot be written: no space left');
      expect(ledger.has(id(2))).toBe(false);
      segments.fault = {};
      await ledger.add(record(2));
      const { ledger: again, problems } = await open(createMemorySegments(segments.crash(0)));
      expect([1, 2].map((n) => again.has(id(n)))).toEqual([step !== 'grow', true]);
      expect(problems).toEqual([]);
    },
  );

  test('is kept by a compaction while more is added', async () => {
    const segments = createGrowingSegments();
    const { ledger } = await open(segments);
    const adding = Promise.all(numbers(9_000).map((n) => ledger.add(record(n))));
    await ledger.compact(everything);
    await adding;
    await ledger.compact(everything);
    const { ledger: again } = await open(segments);
    for (const known of [ledger, again]) expect(numbers(9_000).every((n) => known.has(id(n)))).toBe(true);
  });

  test('before a restart is joined with other segments', async () => {
    const segments = createGrowingSegments();
    for (let n = 0; n < 4; n += 1) await (await open(segments)).ledger.add(record(n));
    const { ledger } = await open(segments);
    await ledger.compact(everything);
    expect(ledger.size).toMatchObject({ records: 4, segments: 1 });
  });
});

describe('the bytes of a segment that grows', () => {
  const anyRecord = fc.record({
    id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    subject: fc.string({ unit: 'grapheme', maxLength: 40 }),
    keepUntil: fc.option(fc.integer({ min: 0 }), { nil: undefined }),
  });

  test('hold any records', () => {
    fc.assert(
      fc.property(fc.array(anyRecord), (records) => {
        const bytes = Buffer.concat([logMagic, ...records.map(logEntry)]);
        expect(parseLog(bytes)).toEqual({ records, damaged: false });
      }),
    );
  });

  test('with one changed give no record that was not written, and say so unless the end is missing', () => {
    const records = numbers(20).map(record);
    const bytes = Buffer.concat([logMagic, ...records.map(logEntry)]);
    fc.assert(
      fc.property(
        fc.integer({ min: logMagic.length, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ change;
          const parsed = parseLog(changed);
          expect(records).toEqual(expect.arrayContaining([...(parsed?.records ?? [])]));
          expect(parsed?.records.length).toBeLessThan(20);
          expect(parseLog(bytes.subarray(0, at))?.damaged).toBe(false);
        },
      ),
    );
  });
});

test('in a directory it is a file that is appended to, of which a reader passes over an unfinished end', async () => {
  const directory = join(temporaryDirectory(), 'ledger');
  const { ledger } = await open(createFileSegments(directory));
  await ledger.add(record(1));
  await ledger.add(record(2));
  const [name = '', ...others] = readdirSync(directory);
  expect(others).toEqual([]);
  expect(parseLog(readFileSync(join(directory, name)))?.records).toEqual([record(1), record(2)]);
  appendFileSync(join(directory, name), logEntry(record(3)).subarray(0, 20));
  const { ledger: again, problems } = await open(createFileSegments(directory, { beside: true }));
  expect([1, 2, 3].map((n) => again.has(id(n)))).toEqual([true, true, false]);
  expect(problems).toEqual([]);
});

async function open(segments: Segments) {
  const problems: string[] = [];
  const ledger = await openLedger(segments, {
    batchMs: 1,
    shared: false,
    clock: systemClock,
    random: Math.random,
    problem: ({ message }) => {
      if (message !== undefined) problems.push(message);
    },
  });
  return { ledger, problems };
}

function record(n: number): LedgerRecord {
  return { id: id(n), subject: `accounts/guest-${n}`, keepUntil: undefined };
}

function id(n: number): string {
  return createHash('sha256').update(String(n)).digest('hex').slice(0, 32);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
