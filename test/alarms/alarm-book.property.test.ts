// What holds at every moment, whatever comes in: nothing that fires is lost, and a book that is loaded goes on the same.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alarm } from '../../src/alarms/alarm.ts';
import { type AlarmBook, createAlarmBook } from '../../src/alarms/alarm-book.ts';
import type { Notice } from '../../src/alarms/notice.ts';
import type { AlarmTerms } from '../../src/alarms/terms.ts';
import { alarm, hour, ids, is, noon, second, spoken, terms } from './book-cases.ts';

interface Step {
  /** Since the step before. */
  readonly after: number;
  readonly names: readonly string[];
  readonly over: boolean;
  /** Firing only so long. */
  readonly lasts: number | undefined;
}

const names = ['api/a', 'api/b critical', 'api/c', 'web/d', 'web/e critical', 'db/f', 'db/g', 'app/h'];

const steps = fc
  .array(
    fc.record({
      after: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4_000 })).map((text) => text * second),
      names: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
      over: fc.boolean(),
      lasts: fc.option(fc.integer({ min: 1, max: 7_200 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  // No two things happen at one instant, nor at a flush that the other began.
  .map((list) => list.map((step, index) => ({ ...step, after: step.after + index + 1 })));

const rules = fc
  .record({
    sendResolved: fc.boolean(),
    inhibited: fc.boolean(),
    limited: fc.boolean(),
    quiet: fc.constantFrom('never', 'all', 'but critical'),
    groupBy: fc.constantFrom<string[]>(['job'], [], ['...']),
    repeatInterval: fc.constantFrom('20m', '4h'),
  })
  .map(({ sendResolved, inhibited, limited, quiet, groupBy, repeatInterval }) =>
    terms(
      {
        sendResolved,
        groupBy,
        repeatInterval,
        inhibit: inhibited
          ? [{ source: [is('severity', 'critical')], target: [is('severity', 'warning')], equal: ['job'] }]
          : [],
        ...(limited ? { rateLimit: { messages: 2, per: '1h' } } : {}),
      },
      quiet === 'never'
        ? []
        : [
            {
              schedule: '0 13,17 * * *',
              duration: '2h',
              timeZone: 'Etc/UTC',
              except: quiet === 'all' ? [] : [is('severity', 'critical')],
            },
          ],
    ),
  );

test('each firing alarm is told, counted, or waits with a reason; in the end each is told', () => {
  fc.assert(
    fc.property(rules, steps, (rule, list) => {
      const book = createAlarmBook(rule, new Map(), ids);
      const ledger = createLedger();
      for (const { at, alarms } of dated(list)) {
        runTo(book, at, ledger.take);
        book.receive(alarms, at);
        ledger.receive(alarms);
        ledger.hold(book, at);
      }
      const end = noon + 30 * hour;
      runTo(book, end, ledger.take);
      ledger.hold(book, end);
      for (const group of book.view(end).groups) {
        const kinds = group.waits.map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'GroupWait' || kind === 'GroupInterval')).toEqual([]);
      }
      for (const notice of book.pending()) book.done(notice);
    }),
    { numRuns: 200 },
  );
}, 120_000);

test('a book that is loaded at any step makes the same notices at the same times', () => {
  fc.assert(
    fc.property(rules, steps, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (rule, list, reloads) => {
      const [straight, broken] = [runWith(rule, list, []), runWith(rule, list, reloads)];
      expect(broken.notices.map((notice) => spoken(notice))).toEqual(straight.notices.map((notice) => spoken(notice)));
      expect(broken.notices).toEqual(straight.notices);
      expect(broken.view).toEqual(straight.view);
    }),
    { numRuns: 200 },
  );
}, 120_000);

function runWith(rule: AlarmTerms, list: readonly Step[], reloads: readonly boolean[]) {
  const saved = new Map<string, string>();
  const notices: Notice[] = [];
  let book = createAlarmBook(rule, saved, ids);
  const keep = () => {
    for (const [key, text] of book.takeChanges()) text === undefined ? saved.delete(key) : saved.set(key, text);
  };
  const take = (notice: Notice) => {
    keep();
    // The notice itself is what the next holder would find.
    const found = createAlarmBook(rule, saved, ids)
      .pending()
      .find(({ group, occasion }) => group === notice.group && occasion === notice.occasion);
    expect(JSON.stringify(found)).toBe(JSON.stringify(notice));
    notices.push(JSON.parse(JSON.stringify(notice)));
    book.done(notice);
  };
  for (const [index, { at, alarms }] of dated(list).entries()) {
    runTo(book, at, take);
    book.receive(alarms, at);
    keep();
    if (reloads[index]) book = createAlarmBook(rule, new Map(saved), ids);
    expect(book.unreadable).toEqual([]);
  }
  const end = noon + 24 * hour;
  runTo(book, end, take);
  return { notices, view: { ...book.view(end), counts: undefined } };
}

function dated(list: readonly Step[]): readonly { readonly at: number; readonly alarms: readonly Alarm[] }[] {
  let at = noon;
  return list.map(({ after, names, over, lasts }) => {
    at += after;
    const ends = lasts === undefined ? undefined : at + lasts * second;
    const times = { startsAt: over ? noon : at, lastSeen: at, endsAt: over ? at : ends };
    return { at, alarms: names.map((name) => alarm(name, { ...times, state: over ? 'Resolved' : 'Firing' })) };
  });
}

function runTo(book: AlarmBook, end: number, take: (notice: Notice, at: number) => void): void {
  for (let at = book.nextAt(); at !== undefined && at <= end; at = book.nextAt()) {
    for (const notice of book.advance(at)) take(notice, at);
  }
}

/** Who was told of what, kept from the mails alone. */
function createLedger() {
  const told = new Set<string>();
  const known = new Map<string, Alarm>();
  return {
    receive: (alarms: readonly Alarm[]) => {
      for (const one of alarms) known.set(nameOf(one.labels), one);
    },
    take: (notice: Notice) => {
      if (notice.kind === 'Group') {
        for (const name of known.keys()) if (isOf(name, notice.groupLabels)) told.delete(name);
        for (const row of notice.alarms) if (row.state === 'Firing') told.add(nameOf(row.labels));
      } else if (notice.kind === 'Digest') {
        for (const row of notice.stillFiringAlarms) told.add(nameOf(row.labels));
      } else {
        for (const { groupLabels } of notice.groups) {
          for (const name of known.keys()) if (isOf(name, groupLabels)) told.add(name);
        }
      }
    },
    hold: (book: AlarmBook, now: number) => {
      const { groups } = book.view(now);
      for (const [name, one] of known) {
        if (one.state === 'Resolved' || (one.endsAt ?? now + 1) <= now) continue;
        const group = groups.find(({ labels }) => isOf(name, labels));
        expect(group, `${name} is in no group`).toBeDefined();
        const waits = group?.waits.filter(({ kind }) => kind !== 'Repeat') ?? [];
        expect(told.has(name) || waits.length > 0, `${name} was not told, and waits for nothing`).toBe(true);
      }
    },
  };

  function isOf(name: string, groupLabels: Readonly<Record<string, string>>): boolean {
    const labels = known.get(name)?.labels ?? {};
    return Object.entries(groupLabels).every(([label, value]) => labels[label] === value);
  }
}

function nameOf(labels: Readonly<Record<string, string>>): string {
  return `${labels.job}/${labels.alertname}`;
}
