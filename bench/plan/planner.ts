// A process of its own for one measurement: makes accounts, plans the days before into a ledger, measures the next one.
import type { Account } from '../../src/api/account.ts';
import type { ReminderRule } from '../../src/api/notification-policy.ts';
import { dayMilliseconds } from '../../src/api/zone-clock.ts';
import { createIdSet, type IdSet } from '../../src/mail/ledger/id-set.ts';
import { planRun, type Reminder, type RunPlan } from '../../src/reminders/plan-run.ts';
import { accountSubjects } from '../../src/reminders/subjects-of.ts';
import { upcoming } from '../../src/reminders/upcoming.ts';
import type { PlanCase, PlanFigures } from './figures.ts';

const policy = { namespace: 'mail', name: 'guests' };
const accountsRule = {
  selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } },
  expiry: 'AccountEnd',
} as const;
const rule: ReminderRule = {
  name: 'expiry',
  subjects: { accounts: accountsRule },
  daysBefore: [14, 7, 1],
  afterExpiry: true,
  schedule: '0 8 * * *',
  timeZone: 'Europe/Berlin',
  notify: { account: true, sponsor: false },
  digest: false,
};
const today = Date.UTC(2026, 10, 24, 7);
const daysBefore = 21;

const [accountCount = '1000', which = 'usual'] = process.argv.slice(2);
process.send?.(measure(Number(accountCount), which as PlanCase));
process.disconnect();

function measure(subjects: number, plans: PlanCase): PlanFigures {
  const accounts = Array.from({ length: subjects }, (_, index) => account(index, endOf(plans, index / subjects)));
  const ledger = createIdSet();
  for (let back = plans === 'usual' ? daysBefore : 0; back > 0; back -= 1) {
    for (const { id } of reminders(plan(accounts, ledger, today - back * dayMilliseconds).plan)) ledger.add(id);
  }
  const before = process.cpuUsage();
  const made = plan(accounts, ledger, today);
  const mailed = count(reminders(made.plan));
  const { user, system } = process.cpuUsage(before);
  return {
    subjects: made.plan.subjects,
    reminders: mailed,
    upcoming: made.upcoming.length,
    cpuMs: (user + system) / 1000,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  };
}

/** As a policy's rule is run: what is due now, and what status shows as coming. */
function plan(accounts: readonly Account[], ledger: IdSet, run: number) {
  const subjects = accountSubjects(accounts, accountsRule);
  const common = { policy, rule, now: run, subjects, sent: ledger.has };
  return {
    plan: planRun({ ...common, run, maxPerRun: 100_000, released: undefined }),
    upcoming: upcoming({ ...common, within: 30 * dayMilliseconds, limit: 10 }),
  };
}

function reminders(made: RunPlan): Iterable<Reminder> {
  return made.kind === 'send' ? made.reminders : [];
}

/** Each is made once, as for the outbox. */
function count(all: Iterable<Reminder>): number {
  let made = 0;
  for (const { identity } of all) if (identity.occasion !== '') made += 1;
  return made;
}

/** No two ends are the same instant. */
function endOf(plans: PlanCase, part: number): number {
  const days = plans === 'usual' ? part * 365 : 7 + part / 4;
  return today + Math.floor(days * dayMilliseconds);
}

function account(index: number, validTo: number): Account {
  const name = `guest-${index}`;
  return {
    namespace: 'mail',
    name,
    labels: { 'relaykeeper.dev/account': 'guest', site: `site-${index % 50}` },
    resourceVersion: String(1_000_000 + index),
    createdAt: Date.UTC(2026, 0, 1),
    username: name,
    email: `${name}@example.com`,
    firstName: 'Anna',
    lastName: `Guest ${index}`,
    mobileNumber: undefined,
    validFrom: Date.UTC(2026, 0, 1),
    validTo,
    passwordExpiresAt: undefined,
    sponsorEmail: 'sponsor@example.com',
    personBeingVisited: 'Bo',
    reasonForVisit: undefined,
    locale: 'de',
    timeZone: 'Europe/Berlin',
    oneTimeLink: undefined,
    passwordMark: `mark-${index}`,
  };
}
