import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openJournal } from '../../../src/store/journal/open-journal.ts';
import { readJournal } from '../../../src/store/journal/read-journal.ts';
import type { Journal } from '../../../src/store/journal.ts';
import type { Segments } from '../../../src/store/segments.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { eventually } from '../eventually.ts';
import { createTestClock, type TestClock } from '../test-clock.ts';
import { createFaultySegments, type FaultySegments } from './faulty-segments.ts';

const prefix = 'alarms';

describe('what was written is there', () => {
  test('for whoever opens it next, the last text of each key, and none that was taken away', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    expect(
      await journal.write(
        new Map([
          ['a', '1'],
          ['b', 'one\ntwo \u{1f514}'],
        ]),
      ),
    ).toEqual({ kind: 'written' });
    expect(
      await journal.write(
        new Map([
          ['a', '2'],
          ['__proto__', 'x'],
          ['', ''],
        ]),
      ),
    ).toEqual({ kind: 'written' });
    expect(await journal.write(new Map([['b', undefined]]))).toEqual({ kind: 'written' });
    expect(journal.size).toMatchObject({ texts: 3, segments: 4 });
    const again = await open(segments);
    expect([...again.texts]).toEqual([
      ['a', '2'],
      ['__proto__', 'x'],
      ['', ''],
    ]);
  });

  test('in the order of writing where several are asked for at once', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    await Promise.all(Array.from({ length: 20 }, (_, i) => journal.write(new Map([['n', String(i)]]))));
    expect((await open(segments)).texts.get('n')).toBe('19');
  });

  test('a change of two megabytes is several segments, each small enough for a Secret', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    const big = incompressible(2_000_000);
    await journal.write(
      new Map([
        ['big', big],
        ['small', 's'],
      ]),
    );
    expect(segments.blobs.size).toBeGreaterThan(5);
    for (const bytes of segments.blobs.values()) expect(bytes.length).toBeLessThanOrEqual(256 * 1024);
    expect((await open(segments)).texts.get('big')).toBe(big);
  });

  test('beside segments of others', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    await journal.write(new Map([['a', '1']]));
    segments.blobs.set('alarms-of-others', Buffer.from('x'));
    segments.blobs.set('other-000000000099', Buffer.from('x'));
    expect([...(await open(segments)).texts]).toEqual([['a', '1']]);
  });

  test('for a reader who takes nothing over', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    await journal.write(new Map([['a', '1']]));
    expect((await readJournal({ segments, prefix })).texts).toEqual(new Map([['a', '1']]));
    expect(await journal.write(new Map([['a', '2']]))).toEqual({ kind: 'written' });
  });
});

describe('a change counts whole or not at all', () => {
  test.each([1, 2, 3])('where the holder dies after part %i', async (dies) => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    await journal.write(new Map([['kept', 'k']]));
    let creates = 0;
    segments.fate = (call) => (call.startsWith('create') && ++creates > dies ? 'refused' : 'done');
    const change = new Map([
      ['big', incompressible(1_500_000)],
      ['kept', undefined],
    ]);
    expect((await journal.write(change)).kind).toBe('unavailable');
    segments.fate = () => 'done';
    expect([...(await open(segments)).texts]).toEqual([['kept', 'k']]);
  });

  test('one that was told as failed and is there all the same is undone by the next', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    await journal.write(new Map([['a', '1']]));
    segments.fate = () => 'doneUntold';
    expect(
      await journal.write(
        new Map([
          ['a', '2'],
          ['b', '2'],
        ]),
      ),
    ).toMatchObject({ kind: 'unavailable' });
    segments.fate = () => 'done';
    expect(await journal.write(new Map([['c', '3']]))).toEqual({ kind: 'written' });
    expect([...(await open(segments)).texts]).toEqual([
      ['a', '1'],
      ['c', '3'],
    ]);
  });
});

describe('a store that asks twice for one segment', () => {
  /** As a client does whose first try was answered with 503 and done all the same. */
  function twice(segments: FaultySegments): Segments {
    return {
      ...segments,
      async create(name, bytes) {
        await segments.create(name, bytes);
        return segments.create(name, bytes);
      },
    };
  }

  test.each([1, 3])('has written it, of %i', async (parts) => {
    const segments = createFaultySegments();
    const { journal } = await open(twice(segments));
    const text = incompressible(parts * 300_000);
    expect(await journal.write(new Map([['a', text]]))).toEqual({ kind: 'written' });
    expect(await journal.write(new Map([['b', '2']]))).toEqual({ kind: 'written' });
    expect((await open(segments)).texts).toEqual(
      new Map([
        ['a', text],
        ['b', '2'],
      ]),
    );
  });

  test('has not where the segment is of another holder', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(twice(segments));
    await open(segments);
    expect(await journal.write(new Map([['a', 'stale']]))).toEqual({ kind: 'lost' });
  });

  test('says so later where it cannot be looked at now', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(twice(segments));
    segments.fate = (call) => (call.startsWith('read') ? 'refused' : 'done');
    expect((await journal.write(new Map([['a', '1']]))).kind).toBe('unavailable');
    segments.fate = () => 'done';
    expect(await journal.write(new Map([['a', '2']]))).toEqual({ kind: 'written' });
    expect((await open(segments)).texts).toEqual(new Map([['a', '2']]));
  });
});

describe('one holder at a time', () => {
  test('the one before is told that it has lost, and writes nothing', async () => {
    const segments = createFaultySegments();
    const first = await open(segments);
    await first.journal.write(new Map([['a', '1']]));
    const second = await open(segments);
    expect(await first.journal.write(new Map([['a', 'stale']]))).toEqual({ kind: 'lost' });
    expect(await first.journal.write(new Map([['a', 'stale']]))).toEqual({ kind: 'lost' });
    expect(await second.journal.write(new Map([['b', '2']]))).toEqual({ kind: 'written' });
    expect([...(await open(segments)).texts]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  test('even where its last write is there without its knowing, and all was rewritten while it stood still', async () => {
    const segments = createFaultySegments();
    const first = await open(segments);
    segments.fate = (call) => (call.startsWith('create') ? 'doneUntold' : 'done');
    await first.journal.write(new Map([['a', 'unsure']]));
    segments.fate = () => 'done';
    const second = await open(segments);
    await untilRewritten(second, segments);
    expect(await first.journal.write(new Map([['a', 'stale']]))).toEqual({ kind: 'lost' });
    expect((await open(segments)).texts.get('a')).toBe('unsure');
  });

  test('the marks that keep earlier holders out go after a day', async () => {
    const segments = createFaultySegments();
    const clock = createTestClock();
    for (let i = 0; i < 5; i += 1) await open(segments, clock);
    clock.stopFor(25 * 60 * 60_000);
    const last = await open(segments, clock);
    await untilRewritten(last, segments);
    await eventually('old marks are gone', () => segments.blobs.size < 8);
    expect(last.problems).toEqual([]);
  });

  test('of two who open it at the same time one goes on', async () => {
    const segments = createFaultySegments();
    await (await open(segments)).journal.write(new Map([['a', '1']]));
    const both = await Promise.all([open(segments), open(segments)]);
    const writes = await Promise.all(both.map(({ journal }, i) => journal.write(new Map([['b', String(i)]]))));
    expect(writes.map(({ kind }) => kind).sort()).toEqual(['lost', 'written']);
  });
});

describe('it does not grow with its age', () => {
  test('of one text written a thousand times a few hundred segments are left', async () => {
    const segments = createFaultySegments();
    const { journal, problems } = await open(segments);
    for (let i = 0; i < 1_000; i += 1) await journal.write(new Map([['n', String(i)]]));
    await eventually('it is rewritten', () => journal.size.segments < 300);
    expect(problems).toEqual([]);
    expect((await open(segments)).texts.get('n')).toBe('999');
  });

  test('bytes written are at most a few times those that are there', async () => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    const text = incompressible(20_000);
    for (let i = 0; i < 60; i += 1) await journal.write(new Map([[`k${i % 3}`, `${i}${text}`]]));
    await eventually('it is rewritten', () => journal.size.bytes < 300_000);
    expect([...(await open(segments)).texts].map(([, each]) => each.slice(0, 2))).toEqual(['57', '58', '59']);
  });

  test('what is written while it is rewritten counts', async () => {
    const segments = createFaultySegments();
    const slow = Promise.withResolvers<void>();
    const read = async (name: string) => {
      await slow.promise;
      return segments.read(name);
    };
    const { journal } = await open({ ...segments, read });
    for (const key of ['kept', 'changed', 'gone']) await journal.write(new Map([[key, 'x'.repeat(10_000)]]));
    for (let i = 0; i < 10; i += 1) await journal.write(new Map([['filler', 'x'.repeat(10_000)]]));
    await journal.write(
      new Map([
        ['changed', 'late'],
        ['gone', undefined],
        ['new', 'n'],
      ]),
    );
    slow.resolve();
    await eventually('it is rewritten', () => journal.size.segments < 8 && segments.blobs.size < 8);
    const { texts } = await open(segments);
    expect([...texts.keys()].sort()).toEqual(['changed', 'filler', 'kept', 'new']);
    expect(texts.get('changed')).toBe('late');
  });

  test('what cannot be rewritten is told, stays as it is, and is tried again a minute later', async () => {
    const segments = createFaultySegments();
    const clock = createTestClock();
    const { journal, problems } = await open(segments, clock);
    segments.fate = (call) => (call.startsWith('read') ? 'refused' : 'done');
    const write = (i: number) => journal.write(new Map([['n', `${i}${'x'.repeat(10_000)}`]]));
    for (let i = 0; i < 20; i += 1) await write(i);
    await eventually('it is told', () => problems.length > 0);
    expect(problems[0]?.message).toMatch(
      /^The journal alarms grows, because it cannot be rewritten: Segment alarms-0000000000\d\d of the journal cannot be read: the disk is away$/,
    );
    segments.fate = () => 'done';
    clock.stopFor(61_000);
    await write(20);
    await eventually('it is rewritten', () => problems.at(-1)?.message === undefined && journal.size.segments < 8);
    expect((await open(segments)).texts.get('n')).toMatch(/^20x/);
  });

  test('what a holder died of removing is removed by the next', async () => {
    const segments = createFaultySegments();
    const { journal, problems } = await open(segments);
    segments.fate = (call) => (call.startsWith('remove') ? 'refused' : 'done');
    for (let i = 0; i < 20; i += 1) await journal.write(new Map([['n', 'x'.repeat(10_000)]]));
    await eventually('it is told', () => problems.length > 0);
    const before = segments.blobs.size;
    segments.fate = () => 'done';
    const { journal: next } = await open(segments);
    await eventually('it is removed', () => segments.blobs.size < before - 5);
    await eventually('and no more counted', () => next.size.segments === segments.blobs.size);
  });
});

describe('what cannot be read is told by its name', () => {
  test.each([
    ['it is cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)],
    [
      'a byte is another',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -12), Buffer.from([1, 2]), bytes.subarray(-10)]),
    ],
    ['it is empty', () => Buffer.alloc(0)],
    ['it is something else', () => Buffer.from('{"id":3}\nhello')],
  ])('where %s', async (_name, damage) => {
    const segments = createFaultySegments();
    const { journal } = await open(segments);
    await journal.write(new Map([['a', 'some text that is long enough to be cut']]));
    segments.blobs.set('alarms-000000000002', damage(segments.blobs.get('alarms-000000000002') ?? Buffer.alloc(0)));
    await expect(open(segments)).rejects.toThrow(
      /^Segment alarms-000000000002 of the journal is damaged \(.+\); remove it to go on without what it holds\.$/,
    );
    await segments.remove('alarms-000000000002');
    expect((await open(segments)).texts.size).toBe(0);
  });

  test('and an outage is told as one', async () => {
    const segments = createFaultySegments();
    segments.fate = (call) => (call.startsWith('create') ? 'refused' : 'done');
    await expect(open(segments)).rejects.toThrow('The journal alarms cannot be opened: the disk is away');
  });
});

interface Opened {
  readonly journal: Journal;
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: StoreProblem[];
}

async function open(segments: Segments, clock: TestClock = createTestClock()): Promise<Opened> {
  const problems: StoreProblem[] = [];
  const journal = openJournal(segments, { prefix, clock, problem: (problem) => void problems.push(problem) });
  return { journal, texts: await journal.load(), problems };
}

async function untilRewritten({ journal }: Opened, segments: Segments): Promise<void> {
  const names = async () => (await segments.list()).length;
  const before = await names();
  for (let i = 0; i < 10; i += 1) await journal.write(new Map([['filler', `${i}${'x'.repeat(10_000)}`]]));
  await eventually(
    'it is rewritten',
    async () => (await names()) < before + 9 && journal.size.segments === (await names()),
  );
}

function incompressible(length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i += 1) text += createHash('sha512').update(String(i)).digest('base64');
  return text.slice(0, length);
}
