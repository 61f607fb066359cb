import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstRunAfter } from '../../../src/api/schedule/first-run-after.ts';
import { openSchedule } from '../../../src/api/schedule/schedule.ts';

const start = Date.parse('2026-03-20T00:00:00Z');
const day = 86_400_000;

test('it answers as the schedule does, in whatever order it is asked', () => {
  const schedule = fc.constantFrom('0 8 * * *', '*/30 * * * *', '30 2 * * sun', '0 0 1 * *');
  const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC');
  const instants = fc.array(fc.integer({ min: 0, max: 20 * day }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(schedule, zone, instants, (cron, timeZone, all) => {
      const opened = openSchedule(cron, timeZone);
      const first = firstRunAfter(opened);
      for (const one of all) expect(first(start + one)).toBe(opened.next(start + one));
    }),
    { numRuns: 60 },
  );
});

test('a daily schedule is asked a few times a day, not once an instant', () => {
  const opened = openSchedule('0 8 * * *', 'Europe/Berlin');
  let asked = 0;
  const first = firstRunAfter({
    next(after) {
      asked += 1;
      return opened.next(after);
    },
  });
  // Spread over thirty days, in no order.
  for (let index = 0; index < 10_000; index += 1) first(start + ((index * 7_919) % 10_000) * 259_200);
  expect(asked).toBeLessThan(30 * 20);
});

test('where no run comes any more it is not asked again', () => {
  let asked = 0;
  const first = firstRunAfter({
    next() {
      asked += 1;
      return undefined;
    },
  });
  expect([first(5), first(7), first(5)]).toEqual([undefined, undefined, undefined]);
  expect(asked).toBe(1);
});
