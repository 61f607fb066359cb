import { expect, test } from 'vitest';
import { openSchedule } from '../../src/api/schedule/schedule.ts';
import { dueRun, isReleased } from '../../src/reminders/due-run.ts';

const time = (text: string) => Date.parse(`2026-${text}:00+01:00`);
const since = time('11-01T12:00');

test.each<readonly [string, string, string | undefined, string | undefined]>([
  ['nothing before the first run after the rule was made', '11-02T07:59', undefined, undefined],
  ['the run that was due before the rule was made is not owed', '11-01T13:00', undefined, undefined],
  ['the first run', '11-02T08:00', undefined, '11-02T08:00'],
  ['the next one, when its minute comes', '11-03T08:00', '11-02T08:00', '11-03T08:00'],
  ['nothing twice', '11-03T08:01', '11-03T08:00', undefined],
  ['a missed minute is made up for', '11-03T15:00', '11-02T08:00', '11-03T08:00'],
  ['of many missed runs the latest alone', '11-20T07:00', '11-02T08:00', '11-19T08:00'],
  ['a clock that was ahead for a while does not end reminders', '11-03T09:00', '11-05T08:00', '11-03T08:00'],
])('%s', (_, now, lastRun, owed) => {
  const schedule = openSchedule('0 8 * * *', 'Europe/Berlin');
  const memory = { now: time(now), lastRun: lastRun === undefined ? undefined : time(lastRun), since };
  expect(dueRun(schedule, memory)).toBe(owed === undefined ? undefined : time(owed));
});

// Clocks go back at 2026-10-25T01:00Z, from 03:00 to 02:00, and forward at 2026-03-29T01:00Z, from 02:00 to 03:00.
test.each<readonly [string, string, string, string, string | undefined]>([
  ['in the repeated hour once', '30 2 * * *', '2026-10-24T00:30Z', '2026-10-25T00:31Z', '2026-10-25T00:30Z'],
  ['not when that hour comes again', '30 2 * * *', '2026-10-25T00:30Z', '2026-10-25T01:31Z', undefined],
  [
    'missed in that hour, and made up for after it',
    '30 2 * * *',
    '2026-10-24T00:30Z',
    '2026-10-25T09:00Z',
    '2026-10-25T00:30Z',
  ],
  ['by the half-hour in both hours', '*/30 * * * *', '2026-10-25T00:30Z', '2026-10-25T01:31Z', '2026-10-25T01:30Z'],
  [
    'in the hour that is skipped, at its end',
    '30 2 * * *',
    '2026-03-28T01:30Z',
    '2026-03-29T01:00Z',
    '2026-03-29T01:00Z',
  ],
  ['not again at its wall time of the day after', '30 2 * * *', '2026-03-29T01:00Z', '2026-03-29T23:00Z', undefined],
  [
    'at its wall time, an hour earlier by UTC in summer',
    '0 8 * * *',
    '2026-03-28T07:00Z',
    '2026-03-29T06:00Z',
    '2026-03-29T06:00Z',
  ],
])('across a clock change: %s', (_, cron, lastRun, now, owed) => {
  const memory = { now: Date.parse(now), lastRun: Date.parse(lastRun), since: 0 };
  expect(dueRun(openSchedule(cron, 'Europe/Berlin'), memory)).toBe(owed === undefined ? undefined : Date.parse(owed));
});

test.each<readonly [string, string | undefined, string | undefined, boolean]>([
  ['the run that is owed, by its name', '11-03T11:00', undefined, true],
  ['one that was held an hour before', '11-03T10:00', '11-03T08:00', true],
  ['nothing at all', undefined, undefined, false],
  ['a run that was carried out since', '11-03T10:00', '11-03T10:00', false],
  ['a run that is yet to come', '11-03T12:00', undefined, false],
  ['an instant that is no run of the rule', '11-03T10:30', undefined, false],
])('what is released by the annotation: %s', (_, released, lastRun, expected) => {
  const schedule = openSchedule('0 * * * *', 'Europe/Berlin');
  const at = (text: string | undefined) => (text === undefined ? undefined : time(text));
  const named = released === undefined ? undefined : new Date(time(released)).toISOString();
  const release = { released: named, lastRun: at(lastRun), owed: time('11-03T11:00') };
  expect(isReleased(schedule, release)).toBe(expected);
});

test('an annotation that names no instant, as one for credentials, releases no run', () => {
  const release = { released: 'credentials-0123456789abcdef', lastRun: undefined, owed: time('11-03T11:00') };
  expect(isReleased(openSchedule('0 * * * *', 'UTC'), release)).toBe(false);
});
