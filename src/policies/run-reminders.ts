// Runs one reminder rule: the run that it owes now, if any, and what is coming.
import { timestamp } from '../api/conditions.ts';
import {
  type ReminderRule,
  type RuleStatus,
  releaseAnnotation,
  type UpcomingReminder,
} from '../api/notification-policy.ts';
import { keyText } from '../api/resource.ts';
import { openSchedule } from '../api/schedule/schedule.ts';
import { dayMilliseconds } from '../api/zone-clock.ts';
import { dueRun, isReleased } from '../reminders/due-run.ts';
import { planRun, type Reminder, type RunPlan } from '../reminders/plan-run.ts';
import { instantText } from '../reminders/reminder-identity.ts';
import type { UnusableSubject } from '../reminders/subject.ts';
import { upcoming } from '../reminders/upcoming.ts';
import { acceptOrders } from './accept-orders.ts';
import type { AccountIndex } from './account-index.ts';
import { findCertificates } from './find-certificates.ts';
import { heldMessage } from './held-message.ts';
import { refreshed } from './ledger-words.ts';
import type { MailOrder } from './make-message.ts';
import type { PolicyDeps } from './policy-deps.ts';
import type { PolicyScene } from './read-policy.ts';
import type { RelayBook } from './relay-book.ts';
import { type ReminderFacts, reminderOrder } from './reminder-order.ts';
import { type RuleSubjects, ruleSubjects } from './reminder-subjects.ts';
import { lookAgain, mails, noted, type RuleOutcome, retrySoon } from './rule-outcome.ts';
import type { TemplateFor } from './rule-templates.ts';

export interface ReminderRun {
  readonly rule: ReminderRule;
  readonly template: TemplateFor;
  readonly since: number;
  /** As its status has it. */
  readonly before: RuleStatus | undefined;
  readonly scene: PolicyScene;
  readonly book: RelayBook;
  readonly accounts: AccountIndex;
}

export async function runReminders(run: ReminderRun, deps: PolicyDeps): Promise<RuleOutcome> {
  const { rule, scene, since, before } = run;
  const now = deps.clock.now();
  const found = await ruleSubjects(scene.key, rule, { ...deps, ...run });
  const schedule = openSchedule(rule.schedule, rule.timeZone);
  const lastRun = before?.lastRun === undefined ? undefined : Date.parse(before.lastRun);
  const owed = dueRun(schedule, { now, lastRun, since });
  const outcome = outcomeOf(run, { found, nextRun: schedule.next(now), now, deps });
  if (owed === undefined || !deps.mayRemind()) return { ...outcome, facts: { ...outcome.facts, ...lastOf(before) } };
  if (found.unseen !== undefined)
    return { ...outcome, facts: { ...outcome.facts, ...lastOf(before) }, dueAt: now + lookAgain };
  const behind = await refreshed(deps);
  if (behind !== undefined) {
    const { facts } = noted(outcome, behind);
    return { ...outcome, facts: { ...facts, ...lastOf(before) }, dueAt: now + retrySoon };
  }
  const released = scene.stored.metadata.annotations?.[releaseAnnotation];
  const plan = planRun({
    policy: scene.key,
    rule,
    run: owed,
    now,
    subjects: found.subjects,
    maxPerRun: scene.spec.maxPerRun,
    released: isReleased(schedule, { released, lastRun, owed }) ? instantText(owed) : undefined,
    sent: await toldOrUnderWay(run, deps),
  });
  return carryOut(plan, { run, owed, outcome: withPlan(outcome, plan), deps });
}

/** Also what a digest tells that still waits: the next one must not tell it again. */
async function toldOrUnderWay({ rule, scene }: ReminderRun, { ledger, outbox }: PolicyDeps) {
  const digests = (await outbox.list()).filter(
    ({ identity, state, tells }) =>
      tells && state !== 'Dead' && keyText(identity.policy) === keyText(scene.key) && identity.rule === rule.name,
  );
  const underWay = new Set(digests.flatMap(({ id, tells = [] }) => [id, ...tells.map((record) => record.id)]));
  return (id: string) => ledger.has(id) || underWay.has(id);
}

/** What a run that was carried out, or was held, left in the status. */
function lastOf(before: RuleStatus | undefined): Partial<RuleStatus> {
  const { lastRun, due, held, heldRun } = before ?? {};
  return {
    ...(lastRun !== undefined && { lastRun }),
    ...(due !== undefined && { due }),
    ...(held !== undefined && { held }),
    ...(heldRun !== undefined && { heldRun }),
  };
}

interface Scheduled {
  readonly found: RuleSubjects;
  readonly nextRun: number | undefined;
  readonly now: number;
  readonly deps: PolicyDeps;
}

function outcomeOf(run: ReminderRun, { found, nextRun, now, deps }: Scheduled): RuleOutcome {
  const { rule, since } = run;
  const { subjects, invalid, first } = counted(found);
  return {
    facts: {
      kind: 'Reminder',
      name: rule.name,
      since: timestamp(since),
      ...(nextRun !== undefined && { nextRun: timestamp(nextRun) }),
      subjects,
      invalid,
      message: found.unseen ?? first ?? found.empty ?? '',
    },
    upcoming: upcomingOf(run, { subjects: found.subjects, now, deps }),
    blocked: undefined,
    dueAt: nextRun,
    complaints: found.complaints,
  };
}

function counted({ subjects, complaints }: RuleSubjects) {
  let [count, unusable] = [complaints.length, complaints.length];
  let first = complaints[0]?.note;
  for (const subject of subjects) {
    count += 1;
    if (subject.kind === 'subject') continue;
    unusable += 1;
    first ??= unusableText(subject);
  }
  return { subjects: count, invalid: unusable, first };
}

function unusableText({ key, problem }: UnusableSubject): string {
  return `${keyText(key)}: ${problem}`;
}

/** The plan names those that cannot be used again, and those with an address that no server takes. */
function withPlan(outcome: RuleOutcome, { due, invalid }: RunPlan): RuleOutcome {
  const [first] = invalid;
  const message = first && !outcome.facts.message ? unusableText(first) : '';
  const { facts } = noted(outcome, message);
  return { ...outcome, facts: { ...facts, due, invalid: outcome.complaints.length + invalid.length } };
}

interface Carrying {
  readonly run: ReminderRun;
  readonly owed: number;
  readonly outcome: RuleOutcome;
  readonly deps: PolicyDeps;
}

async function carryOut(plan: RunPlan, { run, owed, outcome, deps }: Carrying): Promise<RuleOutcome> {
  const { scene, before } = run;
  const undone = before?.lastRun === undefined ? {} : { lastRun: before.lastRun };
  if (plan.kind === 'held') {
    const released = scene.stored.metadata.annotations?.[releaseAnnotation];
    const heldRun = timestamp(owed);
    const message = heldMessage({ count: plan.count, run: heldRun, maxPerRun: scene.spec.maxPerRun, released });
    const { facts } = noted(outcome, message);
    return { ...outcome, facts: { ...facts, ...undone, held: plan.count, heldRun } };
  }
  const done = { lastRun: timestamp(owed) };
  if (scene.spec.mode === 'DryRun') {
    const { facts } = noted(outcome, plan.count > 0 ? `Would have sent ${mails(plan.count)}.` : '');
    return { ...outcome, facts: { ...facts, ...done } };
  }
  const certificate = await findCertificates(scene.key, run.rule, deps.store);
  const facts = { ...run, run: owed, account: run.accounts.find, relay: run.book.find, certificate };
  const stop = (message: string): RuleOutcome => {
    const noting = noted(outcome, message);
    return { ...outcome, facts: { ...noting.facts, ...undone }, dueAt: deps.clock.now() + retrySoon };
  };
  const result = await acceptOrders(ordersOf(plan.reminders, facts), scene, deps);
  if (result.kind === 'stopped') return stop(result.message);
  const [problem] = result.problems;
  const noting = noted(outcome, problem ?? '');
  const invalid = (noting.facts.invalid ?? 0) + result.problems.length;
  return { ...outcome, facts: { ...noting.facts, ...done, invalid } };
}

/** Made while they are accepted: the data of a hundred thousand mails would fill the memory. */
function* ordersOf(reminders: Iterable<Reminder>, facts: ReminderFacts): Generator<MailOrder> {
  for (const reminder of reminders) yield reminderOrder(reminder, facts);
}

interface Coming {
  readonly subjects: RuleSubjects['subjects'];
  readonly now: number;
  readonly deps: PolicyDeps;
}

function upcomingOf({ rule, scene }: ReminderRun, { subjects, now, deps }: Coming): UpcomingReminder[] {
  // However far away: an empty list would read as if nothing came.
  const within = 3_650 * dayMilliseconds;
  const found = upcoming({ policy: scene.key, rule, subjects, now, within, limit: 10, sent: deps.ledger.has });
  return found.map(({ at, subject }) => ({ subject: keyText(subject.key), rule: rule.name, dueTime: timestamp(at) }));
}
