// What is known days later of messages that left the outbox.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeliveryRecord } from '../../../src/mail/delivery-history.ts';
import {
  decodeHistory,
  encodeHistory,
  largestHistorySegment,
  parseSegmentName,
  segmentName,
} from '../../../src/mail/history/history-segment.ts';
import { openHistory } from '../../../src/mail/history/open-history.ts';
import { readHistory } from '../../../src/mail/history/read-history.ts';
import { tidyHistory } from '../../../src/mail/history/tidy-history.ts';
import { messageId } from '../../../src/mail/identity.ts';
import { systemClock } from '../../../src/store/clock.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { createMemorySegments, type MemorySegments } from '../ledger/memory-segments.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 24);
const bounds = { keepFor: 7 * day, records: 1_000_000, bytes: 1_000_000_000 };

describe('a segment', () => {
  test('holds what was put in, within its size, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.nat()), { minLength: 1 }), (texts) => {
        const records = texts.map(([reply, n]) => record(n, { reply, reason: undefined }));
        const encoded = encodeHistory(records);
        expect(encoded.flatMap(({ content }) => decodeHistory(content))).toEqual(records.map(asJson));
        expect(encoded.every(({ content }) => content.length <= largestHistorySegment)).toBe(true);
      }),
    );
  });

  test('becomes several where it would be too large', () => {
    const encoded = encodeHistory(Array.from({ length: 30_000 }, (_, n) => record(n)));
    expect(encoded.length).toBeGreaterThan(1);
    expect(encoded.every(({ content }) => content.length <= largestHistorySegment)).toBe(true);
    expect(encoded.reduce((sum, { records }) => sum + records, 0)).toBe(30_000);
  });

  test('says by its name how recent it is and how much it holds', () => {
    const [part] = encodeHistory([record(1), record(2)]);
    const name = part && segmentName(part, () => 0.5);
    expect(name && parseSegmentName(name)).toEqual({ name, newest: now + 2, records: 2, bytes: part?.content.length });
    expect(parseSegmentName('something-else')).toBeUndefined();
  });

  test.each([
    ['no gzip', Buffer.from('none')],
    ['nothing', Buffer.alloc(0)],
  ])('that is %s is damaged', (_name, bytes) => {
    expect(decodeHistory(bytes)).toBeUndefined();
  });
});

describe('the history', () => {
  test('is written together, and read with each record once, the oldest first', async () => {
    const world = open();
    for (const n of [3, 1, 2, 2]) world.history.add(record(n));
    await world.history.close();
    expect(world.segments.calls.filter((call) => call.startsWith('create'))).toHaveLength(1);
    expect(ids(await world.read(now))).toEqual(ids([record(1), record(2), record(3)]));
    expect(ids(await world.read(now + 3))).toEqual(ids([record(3)]));
  });

  test('has no address of a recipient, and whoever knows the address finds what is hers', async () => {
    const world = open();
    world.history.add(record(1));
    await world.history.close();
    const [found] = await world.read(0);
    expect(JSON.stringify(found)).not.toContain('user1@example.com');
    expect(found && messageId({ ...found.identity, recipient: 'user1@example.com' })).toBe(found?.id);
  });

  test('waits while nothing can be written, says so once, and is written then', async () => {
    const world = open();
    world.segments.refusal = 'the disk is full';
    world.history.add(record(1));
    await expect.poll(() => world.problems).toHaveLength(1);
    expect(world.problems[0]?.message).toContain('the disk is full');
    world.segments.refusal = undefined;
    await world.history.close();
    expect(ids(await world.read(0))).toEqual(ids([record(1)]));
    expect(world.problems.map(({ message }) => message)).toEqual([expect.any(String), undefined]);
  });

  test('a damaged segment is told of, and the others are read', async () => {
    const world = open();
    world.history.add(record(1));
    await world.history.close();
    world.segments.blobs.set(segmentName({ newest: now, records: 1, bytes: 4 }, Math.random), Buffer.from('none'));
    expect(ids(await world.read(0))).toEqual(ids([record(1)]));
    expect(world.problems.at(-1)?.message).toMatch(/damaged/);
  });

  test('is read again where segments are joined meanwhile', async () => {
    const world = open();
    await fill(world.segments, 20);
    let once = true;
    world.segments.before = (call) => {
      if (!call.startsWith('read') || !once) return;
      once = false;
      const [first = ''] = world.segments.blobs.keys();
      const content = world.segments.blobs.get(first) ?? Buffer.alloc(0);
      world.segments.blobs.delete(first);
      world.segments.blobs.set(`${first}9`, content);
    };
    expect(await world.read(0)).toHaveLength(20);
  });
});

describe('tidying', () => {
  test('joins what is small, so that many writes are few segments', async () => {
    const segments = createMemorySegments();
    await fill(segments, 40);
    await tidyHistory(segments, { bounds, now, random: Math.random });
    expect(segments.blobs.size).toBe(1);
    expect(await readHistory(segments, { since: 0, problem })).toHaveLength(40);
  });

  test('lets go what is older than it is kept', async () => {
    const segments = createMemorySegments();
    await fill(segments, 10);
    await tidyHistory(segments, { bounds, now: now + 5 + bounds.keepFor, random: Math.random });
    expect(ids(await readHistory(segments, { since: 0, problem }))).toEqual(ids([5, 6, 7, 8, 9].map((n) => record(n))));
  });

  test('lets the oldest go past its bounds', async () => {
    const segments = createMemorySegments();
    await fill(segments, 7);
    await tidyHistory(segments, { bounds: { ...bounds, records: 3 }, now, random: Math.random });
    expect(ids(await readHistory(segments, { since: 0, problem }))).toEqual(ids([4, 5, 6].map((n) => record(n))));
  });

  test('that dies anywhere loses nothing', async () => {
    for (let step = 1; step < 30; step += 1) {
      const segments = createMemorySegments();
      await fill(segments, 10);
      let steps = 0;
      segments.before = () => {
        steps += 1;
        if (steps >= step) throw new Error('died');
      };
      await tidyHistory(segments, { bounds, now, random: Math.random }).catch(() => undefined);
      segments.before = () => undefined;
      expect(await readHistory(segments, { since: 0, problem })).toHaveLength(10);
    }
  });
});

function open() {
  const segments = createMemorySegments();
  const problems: StoreProblem[] = [];
  const tell = (one: StoreProblem) => void problems.push(one);
  const history = openHistory(segments, {
    waitMs: 5,
    bounds,
    mayTidy: () => true,
    clock: systemClock,
    random: Math.random,
    problem: tell,
  });
  return { segments, problems, history, read: (since: number) => readHistory(segments, { since, problem: tell }) };
}

async function fill(segments: MemorySegments, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    for (const part of encodeHistory([record(n)])) await segments.create(segmentName(part, Math.random), part.content);
  }
}

function problem({ message }: StoreProblem): void {
  throw new Error(message);
}

function record(n: number, differences: Partial<DeliveryRecord> = {}): DeliveryRecord {
  const identity = {
    policy: { namespace: 'mail', name: 'guests' },
    ruleKind: 'Credentials',
    rule: 'guest-credentials',
    subject: { namespace: 'mail', name: `user${n}` },
    occasion: `mark-${n}`,
    part: 'Main',
  } as const;
  return {
    id: messageId({ ...identity, recipient: `user${n}@example.com` }),
    identity,
    at: now + n,
    outcome: 'Accepted',
    relay: 'mail/corporate',
    reason: 'none',
    reply: `250 2.0.0 Ok: queued as ${n}`,
    redirectedTo: 'sandbox@example.com',
    ...differences,
  };
}

function asJson(one: DeliveryRecord): unknown {
  return JSON.parse(JSON.stringify(one));
}

function ids(records: readonly DeliveryRecord[]): readonly string[] {
  return records.map(({ id }) => id);
}
