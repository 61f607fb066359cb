// What running one rule came to.
import type { DesiredCondition } from '../api/conditions.ts';
import type { RuleStatus, UpcomingReminder } from '../api/notification-policy.ts';

/** Without what is counted as messages are settled. */
export type RuleFacts = Omit<RuleStatus, 'sent' | 'failed' | 'pending' | 'sentBy'>;

export interface RuleOutcome {
  readonly facts: RuleFacts;
  readonly upcoming: readonly UpcomingReminder[];
  /** Why no relay may have its mail; stands in place of RelayReady. */
  readonly blocked: DesiredCondition | undefined;
  /** When it has to be looked at again, milliseconds since the epoch. */
  readonly dueAt: number | undefined;
  /** An account that cannot be used, to be told of once. */
  readonly complaints: readonly Complaint[];
}

export interface Complaint {
  readonly namespace: string;
  readonly name: string;
  readonly reason: string;
  readonly note: string;
}

export const retrySoon = 10_000;
/** How soon what no watch tells of is looked at again. */
export const lookAgain = 60_000;

/** With a message in the rule's status. */
export function noted({ facts }: Pick<RuleOutcome, 'facts'>, message: string): Pick<RuleOutcome, 'facts'> {
  return { facts: { ...facts, message: [facts.message, message].filter(Boolean).join(' ') } };
}

export function mails(count: number): string {
  return count === 1 ? '1 mail' : `${count} mails`;
}
