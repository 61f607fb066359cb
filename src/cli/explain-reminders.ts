// The reminders that an address gets by a rule in the days around now, and what became of each. What is to come is planned
// as `upcoming` does; what was due is planned as if nothing had been sent, and what was sent is then looked up.
import { timestamp } from '../api/conditions.ts';
import type { ReminderRule } from '../api/notification-policy.ts';
import { messageId } from '../mail/identity.ts';
import { ruleSubjects } from '../policies/reminder-subjects.ts';
import { reminderIdentity } from '../reminders/reminder-identity.ts';
import type { Subject, Subjects } from '../reminders/subject.ts';
import { digestTold, toldOf } from '../reminders/told.ts';
import { type Upcoming, upcoming } from '../reminders/upcoming.ts';
import type { ExplainedPolicy, Explaining } from './explain.ts';
import { aboutText, type ExplainedMail, type Fate } from './explained-mail.ts';
import { heldText, ruleStatus, whyNothingIsSent } from './policy-standing.ts';

export async function explainReminders(
  rule: ReminderRule,
  policy: ExplainedPolicy,
  explaining: Explaining,
): Promise<ExplainedMail[]> {
  const { sources, book, ledger, address, now, within } = explaining;
  const found = await ruleSubjects(policy.key, rule, { store: sources.store, book });
  const isHers = ({ recipients }: Pick<Upcoming, 'recipients'>) =>
    recipients.some(({ recipient }) => recipient === address);
  const inDigest = isHers(digestTold(rule));
  const subjects = subjectsIn(found.subjects).filter((subject) => inDigest || isHers(toldOf(subject, rule)));
  const facts = { policy: policy.key, rule, subjects, within, limit: Number.POSITIVE_INFINITY };
  const due = upcoming({ ...facts, now: now - within, sent: () => false }).filter(
    ({ at, subject }) => at <= now && !isYounger(subject, at),
  );
  const about = { rule, policy, explaining };
  const rows = new Map<string | undefined, ExplainedMail>();
  for (const one of due) {
    const row = wasDue(reminderOf(one, about), about);
    rows.set(row.id, row);
  }
  // A step whose run was missed is made up for by the next run: it is that one mail.
  for (const one of upcoming({ ...facts, now, sent: ledger.has }).filter(isHers)) {
    const row = willBeDue(reminderOf(one, about), about);
    const before = rows.get(row.id);
    if (!before || (before.outcome === 'NotSent' && before.detail !== heldRun(about))) rows.set(row.id, row);
  }
  return [...rows.values()];
}

function subjectsIn(all: Subjects): Subject[] {
  const subjects: Subject[] = [];
  for (const one of all) if (one.kind === 'subject') subjects.push(one);
  return subjects;
}

/** Nothing was due of what was not there. */
function isYounger({ createdAt }: Subject, at: number): boolean {
  return createdAt !== undefined && createdAt > at;
}

interface Case {
  readonly rule: ReminderRule;
  readonly policy: ExplainedPolicy;
  readonly explaining: Explaining;
}

type Reminder = Pick<ExplainedMail, 'policy' | 'rule' | 'about'> & { readonly id: string; readonly at: number };

function reminderOf({ subject, due, at }: Upcoming, { rule, policy, explaining: { address } }: Case): Reminder {
  const identity = reminderIdentity({ policy: policy.key, rule }, subject, { step: due.step, recipient: address });
  return { policy: policy.key, rule: rule.name, about: aboutText(identity), id: messageId(identity), at };
}

function wasDue({ at, ...reminder }: Reminder, about: Case): ExplainedMail {
  const fate = about.explaining.fates.of(reminder.id);
  return {
    ...reminder,
    ...(fate ? datedFate(fate, at) : { time: at, outcome: 'NotSent', detail: whyMissed(at, about) }),
  };
}

/** The run that it was due at is no time of sending: that may have come days later. */
function datedFate(fate: Fate, at: number): Fate {
  return fate.time === undefined ? { ...fate, detail: `${fate.detail} It was due ${timestamp(at)}.` } : fate;
}

function whyMissed(at: number, about: Case): string {
  const { stored, spec } = about.policy;
  const { since, lastRun } = ruleStatus(stored, nameOf(about)) ?? {};
  if (since !== undefined && Date.parse(since) > at) return 'The rule came only after that run.';
  const isRun = lastRun !== undefined && Date.parse(lastRun) >= at;
  if (isRun) return 'The run was carried out without it: what ends, its end or the address came later.';
  return whyNothingIsSent(stored, spec) ?? heldRun(about) ?? 'The operator has not carried that run out. Does it run?';
}

function heldRun(about: Case): string | undefined {
  return heldText(ruleStatus(about.policy.stored, nameOf(about)));
}

function willBeDue({ at, ...reminder }: Reminder, { policy: { stored, spec }, explaining }: Case): ExplainedMail {
  const fate = explaining.fates.of(reminder.id);
  if (fate) return { ...reminder, ...fate };
  const why = whyNothingIsSent(stored, spec);
  return { ...reminder, time: at, outcome: 'Upcoming', detail: why ? `Will not be sent as it stands. ${why}` : '' };
}

function nameOf({ rule }: Case) {
  return { kind: 'Reminder', name: rule.name } as const;
}
