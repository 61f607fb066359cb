import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scheduleFault } from '../../../src/api/schedule/cron-expression.ts';
import { openSchedule } from '../../../src/api/schedule/schedule.ts';
import { timeZoneFault } from '../../../src/api/time-zone.ts';

describe('the next run', () => {
  test.each([
    ['is later the same day', '0 8 * * *', 'Europe/Berlin', '2026-11-24T06:59:59.999Z', '2026-11-24T07:00:00.000Z'],
    ['is never the present one', '0 8 * * *', 'Europe/Berlin', '2026-11-24T07:00:00.000Z', '2026-11-25T07:00:00.000Z'],
    ['keeps its wall time in summer', '0 8 * * *', 'Europe/Berlin', '2026-07-01T07:00:00Z', '2026-07-02T06:00:00.000Z'],
    ['counts in UTC too', '0 8 * * *', 'Etc/UTC', '2026-11-24T08:00:00Z', '2026-11-25T08:00:00.000Z'],
    ['skips the weekend', '0 8 * * mon-fri', 'Etc/UTC', '2026-11-27T08:00:00Z', '2026-11-30T08:00:00.000Z'],
    ['waits for a leap day', '0 0 29 2 *', 'Etc/UTC', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['in the hour that spring skips', '30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T01:00:00.000Z'],
    [
      'in the hour autumn repeats: first',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      '2026-10-25T00:30:00.000Z',
    ],
    ['and not again', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    ['nor when asked between', '30 2 * * *', 'Europe/Berlin', '2026-10-25T01:10:00Z', '2026-10-26T01:30:00.000Z'],
    ['by the half-hour, before', '*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    [
      'by the half-hour, both times',
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:00:00.000Z',
    ],
    ['where midnight is skipped', '0 0 * * *', 'Asia/Beirut', '2026-03-28T12:00:00Z', '2026-03-28T22:00:00.000Z'],
    [
      'where half an hour is skipped',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00Z',
      '2026-10-03T15:30:00.000Z',
    ],
    ['west of Greenwich', '30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', '2026-11-01T05:30:00.000Z'],
  ])('%s', (_, cron, zone, after, next) => {
    expect(iso(openSchedule(cron, zone).next(Date.parse(after)))).toBe(next);
  });

  test('never comes for a date that there is not', () => {
    expect(openSchedule('0 0 30 2 *', 'Etc/UTC').next(Date.UTC(2026, 0, 1))).toBeUndefined();
  });
});

describe('the latest run', () => {
  test.each([
    ['is the present one', '0 8 * * *', 'Europe/Berlin', '2026-11-24T07:00:00.000Z', '2026-11-24T07:00:00.000Z'],
    ['is yesterday’s', '0 8 * * *', 'Europe/Berlin', '2026-11-24T06:59:59.999Z', '2026-11-23T07:00:00.000Z'],
    ['is years back', '0 0 29 2 *', 'Etc/UTC', '2027-06-01T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['in the repeated hour', '30 2 * * *', 'Europe/Berlin', '2026-10-25T01:45:00Z', '2026-10-25T00:30:00.000Z'],
    ['of every minute', '* * * * *', 'Asia/Kathmandu', '2026-11-24T06:59:59Z', '2026-11-24T06:59:00.000Z'],
  ])('%s', (_, cron, zone, now, latest) => {
    expect(iso(openSchedule(cron, zone).latest(Date.parse(now)))).toBe(latest);
  });

  test('was never, for a date that there is not', () => {
    expect(openSchedule('0 0 31 4 *', 'Etc/UTC').latest(Date.UTC(2026, 0, 1))).toBeUndefined();
  });
});

const zones = fc.constantFrom(
  'Etc/UTC',
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Pacific/Chatham',
);
const daily = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }));
const schedules = fc.oneof(
  daily.map(([minute, hour]) => `${minute} ${hour} * * *`),
  fc.constantFrom('*/30 * * * *', '0 */2 * * *', '15 1-3 * * *', '0 0 * * 0', '0,30 0,2,3 * * *', '5 4 1,15 * *'),
);
const instants = fc.integer({ min: Date.UTC(2025, 11, 1), max: Date.UTC(2027, 11, 31) });

describe('whatever schedule, zone and instant', () => {
  test('runs are instants of their own, not of the one who asks', () => {
    fc.assert(
      fc.property(schedules, zones, instants, fc.double({ min: 0, max: 1, noNaN: true }), (cron, zone, after, part) => {
        const { next, latest } = openSchedule(cron, zone);
        const run = next(after) ?? Number.NaN;
        expect(run).toBeGreaterThan(after);
        const between = after + Math.floor((run - 1 - after) * part);
        expect(iso(next(between))).toBe(iso(run));
        expect(iso(latest(run))).toBe(iso(run));
        const before = latest(run - 1) ?? Number.NaN;
        expect(before).toBeLessThanOrEqual(after);
        expect(iso(next(before))).toBe(iso(run));
      }),
      { numRuns: 60 },
    );
  });

  test('a daily schedule runs once every local day, at its time or as the clock jumps over it', () => {
    fc.assert(
      fc.property(daily, zones, instants, ([minute, hour], zone, from) => {
        const { next } = openSchedule(`${minute} ${hour} * * *`, zone);
        const start = wallClock(zone, from);
        let run = from;
        for (let index = 0; index < 5; index += 1) {
          run = next(run) ?? Number.NaN;
          const shown = wallClock(zone, run);
          const expected = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
          if (shown.time !== expected) expect(wallClock(zone, run - 60_000).time < expected).toBe(true);
          const offset = start.time < expected ? 0 : 1;
          expect(shown.day - start.day).toBe(index + offset);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test.each([
  ['0 8 * * *', undefined],
  ['*/15 8-18 * jan,mar-dec mon-fri', undefined],
  ['0 0 29 2 *', undefined],
  ['@daily', 'must be cron with five fields (minute hour day month weekday), such as 0 8 * * *; it is a nickname'],
  ['0 0 8 * * *', 'must be cron with five fields (minute hour day month weekday), such as 0 8 * * *; it has 6'],
  ['0 8 * *', 'must be cron with five fields (minute hour day month weekday), such as 0 8 * * *; it has 4'],
  ['61 8 * * *', expect.stringMatching(/^must have a minute of 0 to 59 .*, not "61"$/)],
  ['0 24 * * *', expect.stringMatching(/^must have an hour of 0 to 23 .*, not "24"$/)],
  ['0 8 L * *', expect.stringMatching(/^must have a day of the month of 1 to 31 .*, not "L"$/)],
  ['0 8 * foo *', expect.stringMatching(/^must have a month of 1 to 12 .*, not "foo"$/)],
  ['0 8 * * mon#1', expect.stringMatching(/^must have a day of the week of 0 to 7 .*, not "mon#1"$/)],
  ['*/0 * * * *', expect.stringMatching(/^must have a minute/)],
  ['0 0 30 2 *', 'must name a date that exists; this one never comes'],
  ['0 0 31 4,6 *', 'must name a date that exists; this one never comes'],
])('of the schedule %s is said: %s', (cron, fault) => {
  expect(scheduleFault(cron)).toEqual(fault);
});

test('never throws over a schedule, and runs each that it takes', () => {
  const field = fc.string({ unit: fc.constantFrom(...'0123456789*/,-LW#?@monjan '), maxLength: 4 });
  fc.assert(
    fc.property(fc.array(field, { minLength: 4, maxLength: 6 }), (fields) => {
      const cron = fields.join(' ');
      if (scheduleFault(cron) === undefined) {
        expect(openSchedule(cron, 'Etc/UTC').next(Date.UTC(2026, 0, 1))).toBeDefined();
      }
    }),
  );
});

test('knows time zones by name only', () => {
  expect(timeZoneFault('Europe/Berlin')).toBeUndefined();
  for (const zone of ['Mars/Olympus', '+02:00', '', 'Europe/Berlin ', '../etc/passwd']) {
    expect(timeZoneFault(zone)).toBe('must be an IANA time zone such as Europe/Berlin or Etc/UTC');
  }
});

function iso(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

/** What a clock on the wall shows, by Intl alone. */
function wallClock(timeZone: string, instant: number): { day: number; time: string } {
  const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const [date = '', time = ''] = format.format(instant).split(' ');
  return { day: Date.parse(`${date}T00:00:00Z`) / 86_400_000, time };
}
