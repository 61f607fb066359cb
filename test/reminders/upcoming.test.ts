import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReminderRule } from '../../src/api/notification-policy.ts';
import { openSchedule } from '../../src/api/schedule/schedule.ts';
import { planRun } from '../../src/reminders/plan-run.ts';
import { type UpcomingFacts, upcoming } from '../../src/reminders/upcoming.ts';
import { at8, policy, reminderRule, subject } from './rules.ts';

const day = 86_400_000;
const now = Date.parse('2026-12-01T12:00:00+01:00');
const end = '2026-12-15T17:00:00+01:00';

function coming({ rule = {}, ...facts }: Partial<Omit<UpcomingFacts, 'rule'>> & { rule?: Partial<ReminderRule> }) {
  const defaults = { policy, subjects: [subject(end)], sent: () => false, now, within: 30 * day, limit: 100 };
  return upcoming({ ...defaults, ...facts, rule: reminderRule(rule) }).map(({ at, due, recipients, ...one }) => {
    const told = recipients.map(({ recipient }) => recipient).join(' ');
    return `${new Date(at).toISOString()} ${one.subject.key.name} ${due.step} ${told}`;
  });
}

const me = 'anna@example.com';

describe('what is coming', () => {
  test.each<readonly [string, Parameters<typeof coming>[0], readonly string[]]>([
    [
      'is each step on its day; a missed one at the next run',
      { now: Date.parse('2026-12-01T12:00:00+01:00') },
      [
        `2026-12-02T07:00:00.000Z anna 14 ${me}`,
        `2026-12-08T07:00:00.000Z anna 7 ${me}`,
        `2026-12-14T07:00:00.000Z anna 1 ${me}`,
      ],
    ],
    [
      'ends with the time looked at',
      { within: 8 * day },
      [`2026-12-02T07:00:00.000Z anna 14 ${me}`, `2026-12-08T07:00:00.000Z anna 7 ${me}`],
    ],
    ['is as much as is asked for', { limit: 1 }, [`2026-12-02T07:00:00.000Z anna 14 ${me}`]],
    [
      'after the end too, where asked',
      { rule: { daysBefore: [1], afterExpiry: true } },
      [`2026-12-14T07:00:00.000Z anna 1 ${me}`, `2026-12-16T07:00:00.000Z anna After ${me}`],
    ],
    [
      'passes over steps between two runs of a week',
      { rule: { schedule: '0 8 * * mon' } },
      [`2026-12-07T07:00:00.000Z anna 14 ${me}`, `2026-12-14T07:00:00.000Z anna 1 ${me}`],
    ],
    ['leaves out what was sent', { sent: () => true }, []],
    [
      'names those who get the digest',
      {
        rule: {
          digest: true,
          daysBefore: [1],
          notify: { account: true, sponsor: false, addresses: ['it@example.com'] },
        },
      },
      [`2026-12-14T07:00:00.000Z anna 1 ${me} it@example.com`],
    ],
    ['is nothing for what ended', { subjects: [subject('2026-11-30T00:00:00Z')] }, []],
    [
      'is the soonest first',
      {
        rule: { daysBefore: [1] },
        subjects: [subject(end), subject('2026-12-10T12:00:00Z', { key: { namespace: 'mail', name: 'bo' } })],
      },
      [`2026-12-09T07:00:00.000Z bo 1 ${me}`, `2026-12-14T07:00:00.000Z anna 1 ${me}`],
    ],
  ])('%s', (_, facts, lines) => {
    expect(coming(facts)).toEqual(lines);
  });

  test('is what the runs then send', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Beirut', 'Australia/Lord_Howe');
    const steps = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 });
    const schedule = fc.constantFrom('0 8 * * *', '0 9 * * mon', '30 2 1,15 * *', '0 0 * * *');
    const ends = fc.array(fc.integer({ min: now - 5 * day, max: now + 60 * day }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(zone, steps, schedule, fc.boolean(), ends, (timeZone, daysBefore, cron, afterExpiry, all) => {
        const rule = reminderRule({ timeZone, daysBefore, schedule: cron, afterExpiry });
        const subjects = all.map((one, index) => subject(one, { key: { namespace: 'mail', name: `a${index}` } }));
        const ledger = new Set<string>();
        const sent = (id: string) => ledger.has(id);
        const foreseen = upcoming({ policy, rule, subjects, sent, now, within: 40 * day, limit: 1000 });
        const { next } = openSchedule(cron, timeZone);
        const mailed: string[] = [];
        for (let run = next(now) ?? Number.NaN; run <= now + 40 * day; run = next(run) ?? Number.NaN) {
          const plan = planRun({ policy, rule, run, now: run, subjects, sent, maxPerRun: 500, released: undefined });
          if (plan.kind === 'held') throw new Error('it is not held');
          for (const reminder of plan.reminders) {
            ledger.add(reminder.id);
            if (reminder.kind === 'Single') mailed.push(`${run} ${reminder.subject.key.name} ${reminder.due.step}`);
          }
        }
        expect(foreseen.map(({ at, subject: one, due }) => `${at} ${one.key.name} ${due.step}`).sort()).toEqual(
          mailed.sort(),
        );
      }),
      { numRuns: 30 },
    );
  });
});

test('the runs of these tests are at eight in Berlin', () => {
  expect(at8('2026-12-02', '2026-07-01')).toEqual([Date.UTC(2026, 11, 2, 7), Date.UTC(2026, 6, 1, 6)]);
});
