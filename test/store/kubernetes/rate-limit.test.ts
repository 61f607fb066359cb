import { expect, test } from 'vitest';
import { backoffMs } from '../../../src/store/kubernetes/backoff.ts';
import { createRateLimit } from '../../../src/store/kubernetes/rate-limit.ts';
import { createTestClock } from '../test-clock.ts';

test('a burst goes at once, the rest at the rate and in order, and the bucket fills again', async () => {
  const clock = createTestClock();
  const { turn } = createRateLimit({ qps: 10, burst: 3, clock });
  const signal = new AbortController().signal;
  const gone: number[] = [];
  const ask = (count: number) => {
    for (let i = 0; i < count; i++) void turn(signal).then(() => gone.push(clock.monotonic() - 1_000));
  };
  ask(6);
  await clock.advance(1_000);
  expect(gone).toEqual([0, 0, 0, 100, 200, 300]);
  ask(4);
  await clock.advance(1_000);
  expect(gone.slice(6)).toEqual([1_000, 1_000, 1_000, 1_100]);
});

test('who stops waiting goes at once', async () => {
  const clock = createTestClock();
  const { turn } = createRateLimit({ qps: 1, burst: 1, clock });
  const stop = new AbortController();
  await turn(stop.signal);
  const waiting = turn(stop.signal);
  stop.abort();
  await waiting;
});

const range = { baseMs: 800, maxMs: 30_000 };
test.each([
  ['after the first failure, the least', 1, 0, 800],
  ['after the first failure, the most', 1, 0.999999, 1_600],
  ['doubled after the second', 2, 0, 1_600],
  ['doubled after the third', 3, 0, 3_200],
  ['never above the most', 20, 0.999999, 30_000],
  ['at random also at the most', 2_000, 0, 15_000],
])('%s', (_, failures, random, wait) => {
  expect(backoffMs(failures, range, () => random)).toBeCloseTo(wait, -1);
});
