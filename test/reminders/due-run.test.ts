import { expect, test } from 'vitest';
import { openSchedule } from '../../src/api/schedule/schedule.ts';
import { dueRun } from '../../src/reminders/due-run.ts';

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
  ['nothing when the clock was set back', '11-03T09:00', '11-05T08:00', undefined],
])('%s', (_, now, lastRun, owed) => {
  const schedule = openSchedule('0 8 * * *', 'Europe/Berlin');
  const memory = { now: time(now), lastRun: lastRun === undefined ? undefined : time(lastRun), since };
  expect(dueRun(schedule, memory)).toBe(owed === undefined ? undefined : time(owed));
});
