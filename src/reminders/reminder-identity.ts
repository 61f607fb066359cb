// What makes a reminder this one: an end, so that a renewal starts anew, and a step.
import type { ReminderRule } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import { dayMilliseconds } from '../api/zone-clock.ts';
import type { MessageIdentity } from '../mail/identity.ts';
import type { Step } from './due-step.ts';
import type { Subject } from './subject.ts';

export interface RuleOf {
  readonly policy: Key;
  readonly rule: Pick<ReminderRule, 'name'>;
}

export function reminderIdentity(
  { policy, rule }: RuleOf,
  subject: Pick<Subject, 'key' | 'end'>,
  { step, recipient }: { readonly step: Step; readonly recipient: string },
): MessageIdentity {
  const occasion = `${instantText(subject.end)}/${step}`;
  return { ...common({ policy, rule }), subject: subject.key, occasion, recipient };
}

/** One a run and address, in the policy's namespace. */
export function digestIdentity({ policy, rule }: RuleOf, run: number, recipient: string): MessageIdentity {
  const subject = { namespace: policy.namespace, name: 'digest' };
  return { ...common({ policy, rule }), subject, occasion: instantText(run), recipient };
}

/** The key of a run, and the form of instants in occasions. */
export function instantText(instant: number): string {
  return new Date(instant).toISOString();
}

/** How long the ledger remembers a reminder: past the last moment at which it could be due again. */
export function rememberUntil(end: number): number {
  return end + 30 * dayMilliseconds;
}

function common({ policy, rule }: RuleOf) {
  const { namespace, name } = policy;
  return { policy: { namespace, name }, ruleKind: 'Reminder', rule: rule.name, part: 'Main' } as const;
}
