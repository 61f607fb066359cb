// The reminders that an address gets by a rule in the days around now, and what became of each. Planned by the functions
// of the operator, as if nothing had been sent; what was sent is then looked up.
import { timestamp } from '../api/conditions.ts';
import type { ReminderRule } from '../api/notification-policy.ts';
import { keyText } from '../api/resource.ts';
import { messageId } from '../mail/identity.ts';
import { ruleSubjects } from '../policies/reminder-subjects.ts';
import type { Step } from '../reminders/due-step.ts';
import { reminderIdentity } from '../reminders/reminder-identity.ts';
import type { Subject, Subjects } from '../reminders/subject.ts';
import { digestTold, toldOf } from '../reminders/told.ts';
import { type Upcoming, upcoming } from '../reminders/upcoming.ts';
import type { ExplainedPolicy, Explaining } from './explain.ts';
import type { ExplainedMail, Fate } from './explained-mail.ts';
import { ruleStatus, whyNothingIsSent } from './policy-standing.ts';

export async function explainReminders(
  rule: ReminderRule,
  policy: ExplainedPolicy,
  explaining: Explaining,
): Promise<ExplainedMail[]> {
  const { sources, book, address, now, within } = explaining;
  const found = await ruleSubjects(policy.key, rule, { store: sources.store, book });
  const isTold = (all: ReturnType<typeof toldOf>) => all.recipients.some(({ recipient }) => recipient === address);
  const inDigest = isTold(digestTold(rule));
  const subjects = subjectsIn(found.subjects).filter((subject) => inDigest || isTold(toldOf(subject, rule)));
  const expected = upcoming({
    policy: policy.key,
    rule,
    subjects,
    now: now - within,
    within: 2 * within,
    limit: Number.POSITIVE_INFINITY,
    sent: () => false,
  });
  return expected.map((one) => explained(one, { rule, policy, explaining }));
}

function subjectsIn(all: Subjects): Subject[] {
  const subjects: Subject[] = [];
  for (const one of all) if (one.kind === 'subject') subjects.push(one);
  return subjects;
}

interface Case {
  readonly rule: ReminderRule;
  readonly policy: ExplainedPolicy;
  readonly explaining: Explaining;
}

function explained(one: Upcoming, { rule, policy, explaining }: Case): ExplainedMail {
  const { subject, due, at } = one;
  const identity = reminderIdentity({ policy: policy.key, rule }, subject, {
    step: due.step,
    recipient: explaining.address,
  });
  const id = messageId(identity);
  const fate = explaining.fates.of(id);
  return {
    policy: policy.key,
    rule: rule.name,
    about: `${keyText(subject.key)} (${stepText(due.step)})`,
    id,
    ...(fate ? datedFate(fate, at) : unsent(at, { rule, policy, explaining })),
  };
}

/** The run that it was due at is no time of sending: that may have come days later. */
function datedFate(fate: Fate, at: number): Fate {
  return fate.time === undefined ? { ...fate, detail: `${fate.detail} It was due ${timestamp(at)}.` } : fate;
}

function stepText(step: Step): string {
  if (step === 'After') return 'after the end';
  return step === 0 ? 'on the day of the end' : `${step} ${step === 1 ? 'day' : 'days'} before the end`;
}

function unsent(at: number, { rule, policy: { stored, spec }, explaining: { now } }: Case): Fate {
  const name = { kind: 'Reminder', name: rule.name } as const;
  const why = whyNothingIsSent(stored, spec, name);
  if (at > now) return { time: at, outcome: 'Upcoming', detail: why ? `Will not be sent as it stands. ${why}` : '' };
  const { since, lastRun } = ruleStatus(stored, name) ?? {};
  if (since !== undefined && Date.parse(since) > at) return missed(at, 'The rule came only after that run.');
  if (why !== undefined) return missed(at, why);
  const isRun = lastRun !== undefined && Date.parse(lastRun) >= at;
  return missed(
    at,
    isRun
      ? 'The run was carried out without it: what ends, its end or the address came later, or the mail was dropped.'
      : 'The operator has not carried that run out. Does it run?',
  );
}

function missed(time: number, detail: string): Fate {
  return { time, outcome: 'NotSent', detail };
}
