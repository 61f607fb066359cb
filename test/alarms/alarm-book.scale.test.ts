// How time and memory grow: with what is there, never with its square. Limits are wide, since machines that test are busy.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type AlarmBook, createAlarmBook } from '../../src/alarms/alarm-book.ts';
import { mostGroups, remembered, rememberedInFull } from '../../src/alarms/book/take-alarms.ts';
import type { AlarmTerms } from '../../src/alarms/terms.ts';
import { alarm, ids, is, minute, noon, resolved, terms } from './book-cases.ts';

describe('a storm of 50,000 alarms in 10 groups', { timeout: 120_000 }, () => {
  const twins = [{ source: [is('severity', 'warning')], target: [is('severity', 'warning')], equal: ['job'] }];
  test.each([
    ['without inhibition', terms()],
    ['where each could inhibit each', terms({ inhibit: twins })],
  ])('is taken in seconds and less than 100 MB, and its mails count all, %s', (_, rule) => {
    const before = heapUsed();
    const start = process.cpuUsage();
    const book = storm(rule, 50_000);
    const notices = book.advance(noon + minute);
    book.takeChanges();
    expect(secondsSince(start)).toBeLessThan(20);
    expect(notices.map((notice) => notice.kind === 'Group' && notice.firing)).toEqual(Array(10).fill(5_000));
    for (const notice of notices) book.done(notice);
    expect((heapUsed() - before) / 1e6).toBeLessThan(100);
    expect(book.view(noon + minute).firing).toBe(50_000);
  });

  test('has each alarm end, whether it was remembered in full or not', () => {
    const book = storm(terms(), 20_000);
    book.advance(noon + minute);
    book.receive(
      Array.from({ length: 20_000 }, (_, index) => resolved(nameOf(index), noon + 2 * minute)),
      noon + 2 * minute,
    );
    const notices = book.advance(noon + 10 * minute);
    expect(notices.map((notice) => notice.kind === 'Group' && [notice.firing, notice.resolved])).toEqual(
      Array(10).fill([0, 2_000]),
    );
    expect(book.view(noon + 10 * minute).groups).toEqual([]);
  });

  test('is loaded again with its counts, and nothing is told twice', () => {
    const book = storm(terms(), 20_000);
    for (const notice of book.advance(noon + minute)) book.done(notice);
    const saved = new Map([...book.takeChanges()].flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])));
    const next = createAlarmBook(terms(), saved, ids);
    expect(next.unreadable).toEqual([]);
    expect(next.view(noon + minute).firing).toBe(20_000);
    expect(next.advance(noon + 10 * minute)).toEqual([]);
  });

  test('past what is remembered in full an alarm makes no row', () => {
    const book = createAlarmBook(terms(), new Map(), ids);
    book.receive(
      Array.from({ length: rememberedInFull }, (_, index) => alarm(`first/${index}`)),
      noon,
    );
    book.receive([alarm('second/1')], noon);
    const notices = book.advance(noon + minute);
    expect(
      notices.find(({ kind, ...notice }) => kind === 'Group' && 'firing' in notice && notice.firing === 1),
    ).toMatchObject({
      groupLabels: { job: 'second' },
      alarms: [],
    });
  });

  test('past what is remembered at all an alarm is refused, and counted', () => {
    const book = storm(terms(), remembered + 7);
    expect(book.view(noon).counts.refused).toBe(7);
    expect(book.view(noon).firing).toBe(remembered);
  });
});

describe('groups of one', { timeout: 120_000 }, () => {
  test('past what a rule may have are refused, and counted; what is in a group is taken', () => {
    const book = ones(mostGroups + 5);
    expect(book.counts()).toMatchObject({ received: mostGroups + 5, refused: 5 });
    book.receive([alarm('0/other'), alarm(`${mostGroups}/other`)], noon);
    expect(book.counts().refused).toBe(6);
    expect(book.view(noon)).toMatchObject({ firing: mostGroups + 1 });
  });

  test('are flushed, and written, in slices as they are at once', () => {
    const [whole, sliced] = [ones(2_500), ones(2_500)];
    const at = noon + minute;
    const slices = [];
    while ((sliced.nextAt() ?? Number.POSITIVE_INFINITY) <= at) slices.push(sliced.advance(at, 1_000));
    expect(slices.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
    expect(slices.flat()).toEqual(whole.advance(at));
    const changes = [...sliced.changesInSlices(1_000)];
    for (const { size } of changes) expect(size).toBeLessThanOrEqual(1_000);
    expect(new Map(changes.flatMap((slice) => [...slice]))).toEqual(whole.takeChanges());
    expect([...sliced.changesInSlices(1_000)]).toEqual([]);
  });

  test('take time as there are many of them, not as their square', () => {
    const [few, many] = [2_500, 20_000].map((count) => Math.min(...[1, 2, 3].map(() => ticksOf(count))));
    // 8 times as many; their square would be 64 times.
    expect((many ?? 0) / (few ?? 1)).toBeLessThan(30);
    expect(few).toBeLessThan(2);
  });
});

function ones(count: number): AlarmBook {
  const book = createAlarmBook(terms(), new Map(), ids);
  const alarms = Array.from({ length: count }, (_, index) => alarm(`${index}/down`));
  book.receive(alarms, noon);
  return book;
}

/** CPU seconds of a first flush and an idle one. */
function ticksOf(count: number): number {
  const book = ones(count);
  const start = process.cpuUsage();
  expect(book.advance(noon + minute)).toHaveLength(count);
  expect(book.advance(noon + 6 * minute)).toHaveLength(0);
  return secondsSince(start);
}

function storm(rule: AlarmTerms, count: number): AlarmBook {
  const book = createAlarmBook(rule, new Map(), ids);
  for (let done = 0; done < count; done += 1_000) {
    const length = Math.min(1_000, count - done);
    const alarms = Array.from({ length }, (_, index) => {
      const description = `${'what happened, at length, '.repeat(8)}${done + index}`;
      return alarm(nameOf(done + index), { annotations: { description } });
    });
    book.receive(alarms, noon);
  }
  return book;
}

function nameOf(index: number): string {
  return `job${index % 10}/alarm${index}`;
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
