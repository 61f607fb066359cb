import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryTime } from '../../../src/mail/delivery/retry-time.ts';

const minute = 60_000;
const usual = { now: 0, random: 0.5, attempts: 0, deliverBy: 24 * 60 * minute };

describe('a message that was not taken is tried again', () => {
  test.each([
    { name: 'in a minute after the first try', attempts: 0, minutes: 1 },
    { name: 'in two after the second', attempts: 1, minutes: 2 },
    { name: 'in five after the third', attempts: 2, minutes: 5 },
    { name: 'in ten after the fourth', attempts: 3, minutes: 10 },
    { name: 'in half an hour after the fifth', attempts: 4, minutes: 30 },
    { name: 'every half an hour from then on', attempts: 40, minutes: 30 },
  ])('$name', ({ attempts, minutes }) => {
    expect(retryTime({ ...usual, attempts })).toBe(minutes * minute);
  });

  test('within a fifth of that, either way', () => {
    expect(retryTime({ ...usual, random: 0 })).toBe(0.8 * minute);
    expect(retryTime({ ...usual, random: 1 })).toBe(1.2 * minute);
  });

  test('once more just before its time is over', () => {
    expect(retryTime({ ...usual, attempts: 5, deliverBy: 20 * minute })).toBe(20 * minute - 30_000);
  });

  test('no more where that moment is here', () => {
    expect(retryTime({ ...usual, deliverBy: minute / 2 })).toBeUndefined();
    expect(retryTime({ ...usual, deliverBy: -1 })).toBeUndefined();
  });

  test('in good time and never after its time, so that tries come to an end', () => {
    const facts = fc.record({
      random: fc.double({ min: 0, max: 1, noNaN: true }),
      deliverBy: fc.integer({ min: -minute, max: 48 * 60 * minute }),
    });
    fc.assert(
      fc.property(facts, ({ random, deliverBy }) => {
        let now = 0;
        for (let attempts = 0; attempts < 1_000; attempts += 1) {
          const next = retryTime({ now, random, attempts, deliverBy });
          if (next === undefined) return;
          expect(next).toBeLessThanOrEqual(deliverBy);
          expect(next - now).toBeGreaterThan(minute / 2);
          now = next;
        }
        expect.unreachable('tries without end');
      }),
    );
  });
});
