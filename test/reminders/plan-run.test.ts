import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReminderRule } from '../../src/api/notification-policy.ts';
import { openSchedule } from '../../src/api/schedule/schedule.ts';
import { planRun, type Reminder, type RunFacts } from '../../src/reminders/plan-run.ts';
import type { Subject } from '../../src/reminders/subject.ts';
import { at8, policy, reminderRule, subject } from './rules.ts';

type Facts = Partial<Omit<RunFacts, 'run' | 'rule'>> & { readonly rule?: Partial<ReminderRule> };

/** A ledger and what runs over it mail, as `recipient step daysLeft`; `held` with its number. */
function operator() {
  const ledger = new Set<string>();
  const run = (when: number, { rule = {}, ...facts }: Facts = {}) =>
    planRun({
      policy,
      rule: reminderRule(rule),
      run: when,
      now: when,
      subjects: [subject('2026-12-15T17:00:00+01:00')],
      sent: (id) => ledger.has(id),
      maxPerRun: 500,
      released: undefined,
      ...facts,
    });
  const carryOut = (when: number, facts?: Facts): string[] => {
    const plan = run(when, facts);
    if (plan.kind === 'held') return [`held ${plan.count}`];
    const reminders = [...plan.reminders];
    for (const id of reminders.flatMap(remembered)) ledger.add(id);
    expect(reminders).toHaveLength(plan.count);
    return reminders.map(text);
  };
  return { ledger, run, carryOut };
}

/** What the ledger knows once it was sent. */
function remembered(reminder: Reminder): string[] {
  const tells = reminder.kind === 'Digest' ? reminder.tells : [];
  return [reminder, ...tells].map(({ id }) => id);
}

function text(reminder: Reminder): string {
  const { recipient } = reminder.identity;
  const rowText = ({ subject: { key }, due: { step, daysLeft } }: { subject: Subject; due: Row }) =>
    `${key.name} ${step} ${daysLeft}`;
  if (reminder.kind === 'Single') return `${recipient} ${rowText(reminder)}`;
  return `${recipient} [${reminder.rows.map(rowText).join(', ')}]${reminder.more > 0 ? ` +${reminder.more}` : ''}`;
}
type Row = { readonly step: unknown; readonly daysLeft: number };

const me = 'anna@example.com anna';
const end = '2026-12-15T17:00:00+01:00';

describe('a time line of runs', () => {
  test.each<readonly [string, Facts, readonly string[], readonly (readonly string[])[]]>([
    [
      'each step once, on its day',
      {},
      [
        '2026-11-30',
        '2026-12-01',
        '2026-12-02',
        '2026-12-07',
        '2026-12-08',
        '2026-12-09',
        '2026-12-14',
        '2026-12-15',
        '2026-12-16',
      ],
      [[], [`${me} 14 14`], [], [], [`${me} 7 7`], [], [`${me} 1 1`], [], []],
    ],
    [
      'a missed step is made up for, with the days that are left',
      {},
      ['2026-11-30', '2026-12-03', '2026-12-04'],
      [[], [`${me} 14 12`], []],
    ],
    [
      'down from day 15 to day 5: the nearest step only',
      {},
      ['2026-11-30', '2026-12-10', '2026-12-11'],
      [[], [`${me} 7 5`], []],
    ],
    ['down until the last day', {}, ['2026-12-15'], [[`${me} 1 0`]]],
    ['down until after the end', {}, ['2026-12-16'], [[]]],
    [
      'after the end, once, where asked',
      { rule: { afterExpiry: true } },
      ['2026-12-16', '2026-12-17'],
      [[`${me} After -1`], []],
    ],
    ['long after the end nothing is said any more', { rule: { afterExpiry: true } }, ['2026-12-23'], [[]]],
    [
      'days in any order',
      { rule: { daysBefore: [1, 14, 7] } },
      ['2026-12-01', '2026-12-08'],
      [[`${me} 14 14`], [`${me} 7 7`]],
    ],
    ['on the day itself', { rule: { daysBefore: [0] } }, ['2026-12-14', '2026-12-15'], [[], [`${me} 0 0`]]],
    ['a clock set back repeats nothing', {}, ['2026-12-08', '2026-12-01', '2026-12-08'], [[`${me} 7 7`], [], []]],
    [
      'an end at midnight is of the day that begins',
      { subjects: [subject('2026-12-15T00:00:00+01:00')] },
      ['2026-12-13', '2026-12-14'],
      [[`${me} 7 2`], [`${me} 1 1`]],
    ],
    [
      'an end late in the evening counts by the day of the zone',
      { subjects: [subject('2026-12-14T23:30:00Z')] },
      ['2026-12-13', '2026-12-14'],
      [[`${me} 7 2`], [`${me} 1 1`]],
    ],
    [
      'across the clock change a day is a day',
      { subjects: [subject('2026-10-26T07:30:00+01:00')] },
      ['2026-10-18', '2026-10-19', '2026-10-25'],
      [[`${me} 14 8`], [`${me} 7 7`], [`${me} 1 1`]],
    ],
    [
      'a step longer than the whole life is skipped',
      { subjects: [subject(end, { createdAt: Date.parse('2026-12-10T12:00:00+01:00') })] },
      ['2026-12-11', '2026-12-14'],
      [[], [`${me} 1 1`]],
    ],
    [
      'a step as long as the whole life is not',
      { subjects: [subject(end, { createdAt: Date.parse('2026-12-08T07:00:00+01:00') })] },
      ['2026-12-08'],
      [[`${me} 7 7`]],
    ],
    [
      'whose life nobody knows is told',
      { subjects: [subject(end, { createdAt: undefined })] },
      ['2026-12-08'],
      [[`${me} 7 7`]],
    ],
    ['nobody to tell is nothing to do', { subjects: [subject(end, { account: undefined })] }, ['2026-12-08'], [[]]],
    [
      'the sponsor, where asked',
      { rule: { notify: { account: true, sponsor: true } }, subjects: [subject(end, { sponsor: 'boss@example.com' })] },
      ['2026-12-08'],
      [[`${me} 7 7`, 'boss@example.com anna 7 7']],
    ],
    [
      'what addressPath led to, and addresses, each once',
      {
        rule: { notify: { account: false, sponsor: false, addresses: ['it@example.com', 'owner@EXAMPLE.com'] } },
        subjects: [subject(end, { address: 'owner@example.com' })],
      },
      ['2026-12-08'],
      [['owner@example.com anna 7 7', 'it@example.com anna 7 7']],
    ],
  ])('%s', (_, facts, dates, mails) => {
    const { carryOut } = operator();
    expect(at8(...dates).map((run) => carryOut(run, facts))).toEqual(mails);
  });

  test('after a renewal the steps start again', () => {
    const { carryOut } = operator();
    const [before = 0, renewed = 0] = at8('2026-12-08', '2027-01-08');
    expect(carryOut(before)).toEqual([`${me} 7 7`]);
    expect(carryOut(before, { subjects: [subject('2027-01-15T17:00:00+01:00')] })).toEqual([]);
    expect(carryOut(renewed, { subjects: [subject('2027-01-15T17:00:00+01:00')] })).toEqual([`${me} 7 7`]);
  });

  test('a weekly run that is made up for tells what is true by now', () => {
    const { carryOut } = operator();
    const [monday = 0, thursday = 0] = at8('2026-12-07', '2026-12-10');
    expect(carryOut(monday, { now: thursday })).toEqual([`${me} 7 5`]);
    expect(carryOut(thursday, { now: monday })).toEqual([]);
  });

  test('an address that no server takes is said, and the others are told', () => {
    const [run = 0] = at8('2026-12-08');
    const notify = { account: true, sponsor: false, addresses: ['it@example.com'] };
    const subjects = [subject(end, { account: 'a..b@example.com' })];
    const plan = operator().run(run, { rule: { notify }, subjects });
    expect(plan).toMatchObject({ kind: 'send', subjects: 1, due: 1, invalid: [{ key: { name: 'anna' } }] });
    expect(plan.kind === 'send' && [...plan.reminders].map(text)).toEqual(['it@example.com anna 7 7']);
  });

  test('says until when it makes sense, what to compare and how long to remember', () => {
    const [run = 0] = at8('2026-12-08');
    const plan = operator().run(run);
    expect(plan.run).toBe('2026-12-08T07:00:00.000Z');
    if (plan.kind === 'held') throw new Error('it is not held');
    expect([...plan.reminders]).toMatchObject([
      {
        deliverBy: Date.parse('2026-12-14T00:00:00+01:00'),
        rememberUntil: Date.parse('2027-01-14T17:00:00+01:00'),
        seen: '2026-12-15T16:00:00.000Z',
        identity: { ruleKind: 'Reminder', rule: 'expiry', occasion: '2026-12-15T16:00:00.000Z/7' },
      },
    ]);
    const [last = 0] = at8('2026-12-14');
    const ending = operator().run(last);
    expect(ending.kind === 'send' && [...ending.reminders][0]?.deliverBy).toBe(Date.parse(end));
  });
});

describe('a digest', () => {
  const rule = {
    digest: true,
    notify: { account: false, sponsor: false, addresses: ['it@example.com', 'hr@example.com'] },
  };
  const named = (name: string, when: string) => subject(when, { key: { namespace: 'mail', name } });
  const subjects = [named('bo', '2026-12-16T17:00:00+01:00'), named('anna', end), named('eve', '2027-06-01T00:00:00Z')];

  test('is one mail to each address, the soonest end first, and each step stands in one', () => {
    const { carryOut } = operator();
    expect(at8('2026-12-08', '2026-12-09', '2026-12-10').map((run) => carryOut(run, { rule, subjects }))).toEqual([
      ['it@example.com [anna 7 7, bo 14 8]', 'hr@example.com [anna 7 7, bo 14 8]'],
      ['it@example.com [bo 7 7]', 'hr@example.com [bo 7 7]'],
      [],
    ]);
  });

  test('leaves the accounts their own mails', () => {
    const { carryOut } = operator();
    const both = { ...rule, notify: { ...rule.notify, account: true } };
    const [run = 0] = at8('2026-12-08');
    expect(carryOut(run, { rule: both })).toEqual([
      `${me} 7 7`,
      'it@example.com [anna 7 7]',
      'hr@example.com [anna 7 7]',
    ]);
  });

  test('planned again tells nobody of what came meanwhile, which the next one does', () => {
    const { run, ledger, carryOut } = operator();
    const [today = 0, tomorrow = 0] = at8('2026-12-08', '2026-12-09');
    const plan = run(today, { rule });
    if (plan.kind === 'held') throw new Error('it is not held');
    for (const reminder of plan.reminders) for (const id of remembered(reminder)) ledger.add(id);
    const more = [subject(end), named('carl', end)];
    expect(carryOut(today, { rule, subjects: more })).toEqual([]);
    expect(carryOut(tomorrow, { rule, subjects: more })).toEqual([
      'it@example.com [carl 7 6]',
      'hr@example.com [carl 7 6]',
    ]);
  });

  test('that was never sent is made good by the next', () => {
    const { run, carryOut } = operator();
    const [today = 0, tomorrow = 0] = at8('2026-12-08', '2026-12-09');
    const plan = run(today, { rule });
    if (plan.kind === 'held') throw new Error('it is not held');
    expect([...plan.reminders]).toHaveLength(2);
    expect(carryOut(tomorrow, { rule })).toEqual(['it@example.com [anna 7 6]', 'hr@example.com [anna 7 6]']);
  });

  test('tells of as many as its table shows, counts the rest, and leaves them to the next', () => {
    const { carryOut } = operator();
    const many = Array.from({ length: 120 }, (_, index) => named(`a${index}`, end));
    const runs = at8('2026-12-08', '2026-12-09', '2026-12-10', '2026-12-11');
    const mails = runs.map((when) => carryOut(when, { rule, subjects: many })[0] ?? '');
    expect(mails.map((mail) => [mail.match(/a\d+ 7/g)?.length, / \+(\d+)/.exec(mail)?.[1]])).toEqual([
      [50, '70'],
      [50, '20'],
      [20, undefined],
      [undefined, undefined],
    ]);
  });
});

describe('a run that would send more than maxPerRun', () => {
  const subjects = ['a', 'b', 'c'].map((name) => subject(end, { key: { namespace: 'mail', name } }));
  const [run = 0] = at8('2026-12-08');

  test('is held whole, and goes out once it is released', () => {
    const { carryOut } = operator();
    const released = '2026-12-08T07:00:00.000Z';
    expect(carryOut(run, { subjects, maxPerRun: 2 })).toEqual(['held 3']);
    expect(carryOut(run, { subjects, maxPerRun: 2, released: '2026-12-07T07:00:00.000Z' })).toEqual(['held 3']);
    expect(carryOut(run, { subjects, maxPerRun: 2, released })).toHaveLength(3);
    expect(carryOut(run, { subjects, maxPerRun: 2 })).toEqual([]);
  });

  test('counts what it would send, not what was sent', () => {
    const { carryOut } = operator();
    expect(carryOut(run, { subjects, maxPerRun: 3 })).toHaveLength(3);
    expect(carryOut(run, { subjects, maxPerRun: 1 })).toEqual([]);
  });
});

describe('whatever happens', () => {
  const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Beirut', 'Etc/UTC');
  const start = Date.UTC(2026, 1, 1);
  const days = (count: number) => count * 86_400_000;
  const rules = fc.record({
    timeZone: zone,
    daysBefore: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 }),
    afterExpiry: fc.boolean(),
    digest: fc.boolean(),
    schedule: fc.constantFrom('0 8 * * *', '30 2 * * *', '0 0 * * *', '0 9 * * mon', '*/30 * * * *'),
    notify: fc.constant<ReminderRule['notify']>({ account: true, sponsor: true, addresses: ['it@example.com'] }),
  });
  const subjects = fc.array(
    fc.record({
      end: fc.integer({ min: start, max: start + days(90) }),
      createdAt: fc.option(fc.integer({ min: start - days(30), max: start + days(30) }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  /** When the operator wakes; not in order, since clocks are set back. */
  const wakes = fc.array(fc.tuple(fc.integer({ min: 0, max: days(95) }), fc.boolean()), { maxLength: 15 });

  test('each step of each end is told to each once at most, never before its day, and nothing is told in vain', () => {
    fc.assert(
      fc.property(rules, subjects, wakes, (changes, ends, times) => {
        const { ledger, run } = operator();
        const told = new Map<string, number>();
        const all = ends.map(({ end: when, createdAt }, index) =>
          subject(when, { createdAt, sponsor: 'boss@example.com', key: { namespace: 'mail', name: `a${index}` } }),
        );
        const { latest } = openSchedule(changes.schedule, changes.timeZone);
        const date = new Intl.DateTimeFormat('sv', { timeZone: changes.timeZone });
        const localDay = (instant: number) => Date.parse(date.format(instant)) / days(1);
        for (const [since, crash] of times) {
          const now = start + since;
          const plan = run(latest(now) ?? now, { rule: changes, subjects: all, now });
          if (plan.kind === 'held') throw new Error('it is not held');
          for (const reminder of plan.reminders) {
            const rows = reminder.kind === 'Single' ? [reminder] : reminder.rows;
            for (const { subject: one, due } of rows) {
              const key = `${reminder.identity.recipient} ${one.key.name} ${due.step}`;
              told.set(key, (told.get(key) ?? 0) + 1);
              const daysLeft = localDay(one.end) - localDay(now);
              expect(due.daysLeft).toBe(daysLeft);
              if (due.step === 'After') expect(one.end).toBeLessThanOrEqual(now);
              else expect(daysLeft).toBeLessThanOrEqual(Number(due.step));
              expect(due.until).toBeGreaterThan(now);
              expect(reminder.rememberUntil).toBeGreaterThan(reminder.deliverBy);
            }
            // A crash before a digest is remembered sends it again, with what its rows told.
            for (const id of remembered(reminder)) ledger.add(id);
          }
          if (!crash) continue;
          const again = run(latest(now) ?? now, { rule: changes, subjects: all, now });
          if (again.kind === 'held') throw new Error('it is not held');
          expect([...again.reminders]).toEqual([]);
        }
        expect([...told].filter(([, count]) => count > 1)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('with a run every day each step is told on its very day', () => {
    fc.assert(
      fc.property(
        zone,
        fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        fc.nat(days(20)),
        (timeZone, daysBefore, offset) => {
          const { carryOut } = operator();
          const rule = { timeZone, daysBefore };
          const one = subject(start + days(60) + offset, { createdAt: undefined });
          const { next } = openSchedule('0 8 * * *', timeZone);
          const mails: string[] = [];
          for (let run = next(start) ?? Number.NaN; run < one.end; run = next(run) ?? Number.NaN) {
            mails.push(...carryOut(run, { rule, subjects: [one] }));
          }
          expect(mails).toEqual(daysBefore.toSorted((a, b) => b - a).map((step) => `${me} ${step} ${step}`));
        },
      ),
      { numRuns: 8 },
    );
  });
});
