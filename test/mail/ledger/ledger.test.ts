import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLedger } from '../../../src/mail/ledger/open-ledger.ts';
import { decodeSegment, encodeSegments, largestSegment } from '../../../src/mail/ledger/segment.ts';
import type { Ledger, LedgerRecord } from '../../../src/mail/ledger.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import type { Segments } from '../../../src/store/segments.ts';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import { eventually } from '../../store/eventually.ts';
import { createMemorySegments } from './memory-segments.ts';

const now = Date.UTC(2026, 10, 24);

describe('what was sent is known', () => {
  test('once it is added, and after a restart', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    await ledger.add(record(1));
    expect(ledger.has(id(1))).toBe(true);
    expect(ledger.has(id(2))).toBe(false);
    expect((await open(segments)).ledger.has(id(1))).toBe(true);
  });

  test('what comes together is one segment, what comes later another', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    await addAll(ledger, 0, 500);
    expect(ledger.size).toMatchObject({ records: 500, segments: 1 });
    await ledger.add(record(500));
    expect(ledger.size).toMatchObject({ records: 501, segments: 2 });
    expect(segments.blobs.size).toBe(2);
  });

  test('what is known already is written no more', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    await ledger.add(record(1));
    await ledger.add(record(1));
    expect(segments.blobs.size).toBe(1);
  });

  test('an add that cannot be written says so, is not known, and may be tried again', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    segments.refusal = 'no space left on the device (ENOSPC)';
    await expect(ledger.add(record(1))).rejects.toThrow('The ledger cannot be written: no space left');
    expect(ledger.has(id(1))).toBe(false);
    segments.refusal = undefined;
    await ledger.add(record(1));
    expect(ledger.has(id(1))).toBe(true);
  });

  test('what another replica adds is known after a refresh', async () => {
    const segments = createMemorySegments();
    const [mine, other] = [await open(segments), await open(segments)];
    await other.ledger.add(record(1));
    expect(mine.ledger.has(id(1))).toBe(false);
    await mine.ledger.refresh();
    expect(mine.ledger.has(id(1))).toBe(true);
  });

  test('no id known to hold is one of another text', async () => {
    const { ledger } = await open(createMemorySegments());
    expect(ledger.has('')).toBe(false);
    expect(ledger.has(id(1).toUpperCase())).toBe(false);
    await expect(ledger.add({ ...record(1), id: 'account' })).rejects.toThrow('no message id');
  });
});

describe('compaction', () => {
  const everything = { now, subjectExists: () => true };

  test('joins small segments and forgets nothing', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    for (let n = 0; n < 10; n += 1) await ledger.add(record(n));
    await ledger.compact(everything);
    expect(ledger.size).toMatchObject({ records: 10, segments: 1 });
    expect(segments.blobs.size).toBe(1);
    const again = (await open(segments)).ledger;
    expect(numbers(10).every((n) => again.has(id(n)))).toBe(true);
  });

  test('drops what was to be kept until now, and what was about a subject that is gone', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    await Promise.all([
      ledger.add({ ...record(1), keepUntil: now }),
      ledger.add({ ...record(2), keepUntil: now + 1, subject: 'mail/gone' }),
      ledger.add({ ...record(3), subject: 'mail/gone' }),
      ledger.add(record(4)),
    ]);
    await ledger.compact({ now, subjectExists: (subject) => subject !== 'mail/gone' });
    expect([1, 2, 3, 4].filter((n) => ledger.has(id(n)))).toEqual([2, 4]);
    expect(ledger.size).toMatchObject({ records: 2, segments: 1 });
  });

  test('where nothing is to be done nothing is written', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    await addAll(ledger, 0, 20_000);
    await ledger.compact(everything);
    segments.calls.length = 0;
    await ledger.compact(everything);
    expect(segments.calls.filter((call) => /^(create|remove)/.test(call))).toEqual([]);
  });

  test('what it dropped is forgotten by other replicas too', async () => {
    const segments = createMemorySegments();
    const [mine, other] = [await open(segments), await open(segments)];
    await mine.ledger.add({ ...record(1), keepUntil: now - 1 });
    await mine.ledger.add(record(2));
    await other.ledger.refresh();
    await mine.ledger.compact(everything);
    await other.ledger.refresh();
    expect([1, 2].map((n) => other.ledger.has(id(n)))).toEqual([false, true]);
  });

  test('what is added while it goes on is kept', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    await ledger.add({ ...record(1), keepUntil: now - 1 });
    await Promise.all([ledger.compact(everything), addAll(ledger, 2, 50)]);
    await ledger.compact(everything);
    const again = (await open(segments)).ledger;
    for (const known of [ledger, again]) expect(numbers(52).filter((n) => known.has(id(n)))).toHaveLength(50);
  });

  test('a crash at any of its steps loses and invents nothing', async () => {
    const steps = await stepsOfCompaction();
    expect(steps).toBeGreaterThan(10);
    for (let dieAt = 0; dieAt < steps; dieAt += 1) {
      const segments = await fiveSegments();
      const { ledger } = await open(segments);
      let step = 0;
      segments.before = () => {
        if (step >= dieAt) throw new Error('the process died');
        step += 1;
      };
      await expect(ledger.compact(everything)).rejects.toThrow('the process died');
      segments.before = () => {};
      const after = (await open(segments)).ledger;
      expect(numbers(5).map((n) => after.has(id(n)))).toEqual([true, true, true, true, true]);
      await after.compact(everything);
      expect(after.size).toMatchObject({ records: 5, segments: 1 });
    }
  });

  test('many small segments are joined without being asked to', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments, { joinAbove: 8 });
    for (let n = 0; n < 40; n += 1) await ledger.add(record(n));
    await eventually('few segments are left', () => segments.blobs.size <= 12);
    const again = (await open(segments)).ledger;
    expect(numbers(40).every((n) => again.has(id(n)) && ledger.has(id(n)))).toBe(true);
  });

  async function fiveSegments() {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    for (let n = 0; n < 5; n += 1) await ledger.add(record(n));
    return segments;
  }

  async function stepsOfCompaction(): Promise<number> {
    const segments = await fiveSegments();
    const { ledger } = await open(segments);
    segments.calls.length = 0;
    await ledger.compact(everything);
    return segments.calls.length;
  }
});

describe('segments', () => {
  test('hold any records, each within its bound', () => {
    const anyRecord = fc.record({
      id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      subject: fc.string({ unit: 'binary', maxLength: 40 }),
      keepUntil: fc.option(fc.integer({ min: 0 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(anyRecord), (records) => {
        const encoded = encodeSegments(records);
        expect(encoded.flatMap(({ bytes }) => decodeSegment(bytes))).toEqual(records);
      }),
    );
  });

  test('of 100,000 records stay within 256 KiB each', () => {
    const encoded = encodeSegments(numbers(100_000).map(record));
    expect(Math.max(...encoded.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(largestSegment);
    expect(encoded.flatMap(({ ids }) => ids)).toHaveLength(100_000);
  });

  test('with a byte changed or cut off are not read', () => {
    const [segment] = encodeSegments(numbers(20).map(record));
    if (!segment) throw new Error('nothing was encoded');
    fc.assert(
      fc.property(fc.nat(segment.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(segment.bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(decodeSegment(changed)).toBeUndefined();
        expect(decodeSegment(segment.bytes.subarray(0, at))).toBeUndefined();
      }),
    );
  });

  test('that are damaged are said and passed over, also by compaction', async () => {
    const segments = createMemorySegments();
    const { ledger } = await open(segments);
    await ledger.add(record(1));
    await ledger.add(record(2));
    segments.blobs.set('damaged', Buffer.from('not a segment'));
    const { ledger: again, problems } = await open(segments);
    expect(problems).toEqual([
      'Segment damaged of the ledger is damaged: what it remembers as sent may be sent again. Restore it from a backup, or remove it.',
    ]);
    await again.compact({ now, subjectExists: () => true });
    expect([1, 2].map((n) => again.has(id(n)))).toEqual([true, true]);
    expect(segments.blobs.has('damaged')).toBe(true);
  });
});

test('100,000 ids take less than 10 MB of memory, and all are found', async () => {
  const segments = createMemorySegments();
  const { ledger } = await open(segments);
  await addAll(ledger, 0, 100_000);
  const before = process.memoryUsage();
  const { ledger: again } = await open(segments);
  expect(numbers(100_000).every((n) => again.has(id(n)))).toBe(true);
  expect(again.has(id(100_000))).toBe(false);
  expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(10_000_000);
});

describe('in a directory', () => {
  test('what was added is there for the next process, and files are for their owner alone', async () => {
    const directory = join(temporaryDirectory(), 'ledger');
    const { ledger } = await open(createFileSegments(directory));
    await addAll(ledger, 0, 100);
    writeFileSync(join(directory, '.half.tmp'), 'half a segment');
    const { ledger: again, problems } = await open(createFileSegments(directory));
    expect(numbers(100).every((n) => again.has(id(n)))).toBe(true);
    expect(problems).toEqual([]);
    expect(await readdir(directory)).toHaveLength(1);
  });

  test('a segment is written once', async () => {
    const segments = createFileSegments(temporaryDirectory());
    expect(await segments.create('one', Buffer.from('first'))).toEqual({ kind: 'written' });
    expect(await segments.create('one', Buffer.from('second'))).toEqual({ kind: 'exists' });
    expect(String(await segments.read('one'))).toBe('first');
    await segments.remove('one');
    await segments.remove('one');
    expect(await segments.read('one')).toBeUndefined();
    expect(await segments.list()).toEqual([]);
  });

  test('a directory that cannot be made is said', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const result = await createFileSegments(join(file, 'ledger')).create('one', Buffer.from('x'));
    expect(result).toEqual({
      kind: 'unavailable',
      message: expect.stringContaining('a part of its path is no directory'),
    });
  });
});

async function open(segments: Segments, options: { readonly joinAbove?: number } = {}) {
  const problems: string[] = [];
  const ledger = await openLedger(segments, {
    batchMs: 1,
    shared: true,
    clock: systemClock,
    random: Math.random,
    problem: ({ message }) => {
      if (message !== undefined) problems.push(message);
    },
    ...options,
  });
  return { ledger, problems };
}

async function addAll(ledger: Ledger, from: number, count: number): Promise<void> {
  await Promise.all(numbers(count).map((n) => ledger.add(record(from + n))));
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
