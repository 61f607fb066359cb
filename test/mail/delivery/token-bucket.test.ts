import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenBucket } from '../../../src/mail/delivery/token-bucket.ts';

test('never lets more go in any minute than the limit, however they come', () => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), arrivals, (perMinute, gaps) => {
      const bucket = createTokenBucket(perMinute);
      const gone: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap % 7 === 0 ? gap : gap % 50;
        now += bucket.wait(now);
        expect(bucket.wait(now)).toBe(0);
        bucket.take(now);
        gone.push(now);
      }
      gone.forEach((start, index) => {
        const within = gone.slice(index).filter((at) => at < start + 60_000).length;
        expect(within).toBeLessThanOrEqual(perMinute);
      });
    }),
    { numRuns: 300 },
  );
});

test('in the long run lets nearly the limit go', () => {
  const bucket = createTokenBucket(30);
  let now = 0;
  for (let i = 0; i < 300; i += 1) {
    now += bucket.wait(now);
    bucket.take(now);
  }
  expect(now / 60_000).toBeLessThan(11);
});

test('without a limit lets everything go', () => {
  const bucket = createTokenBucket(0);
  bucket.take(0);
  expect(bucket.wait(0)).toBe(0);
});

test('what was given back can go again', () => {
  const bucket = createTokenBucket(1);
  bucket.take(0);
  expect(bucket.wait(0)).toBe(60_000);
  bucket.giveBack();
  expect(bucket.wait(0)).toBe(0);
});
