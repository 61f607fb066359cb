// What of a policy's status its alarm rules are. Only the replica that runs them says what they come to; another one that
// writes the status leaves that as it stands, and counts what it sent.
import type { NotificationPolicySpec, NotificationPolicyStatus, RuleStatus } from '../../api/notification-policy.ts';
import { countedRule, total } from '../counted-status.ts';
import { ruleBefore } from '../policy-memory.ts';
import type { TallyTaken } from '../tally.ts';
import type { AlarmRuleFacts } from './rule-facts.ts';

/** Of a rule that this replica runs. */
export type AlarmFactsOf = (rule: string) => (AlarmRuleFacts & Pick<RuleStatus, 'pending'>) | undefined;

export interface AlarmCounts {
  readonly before: NotificationPolicyStatus | undefined;
  readonly taken: TallyTaken;
  readonly identity: string;
  readonly factsOf: AlarmFactsOf;
}

export function alarmStatuses(
  { alarms = [] }: Pick<NotificationPolicySpec, 'alarms'>,
  { before, taken, identity, factsOf }: AlarmCounts,
): readonly RuleStatus[] {
  return alarms.map(({ name }) => {
    const old = ruleBefore(before, 'Alarm', name) ?? { kind: 'Alarm', name, pending: 0 };
    return ranStatus({ ...old, ...countedRule(old, taken, identity) }, factsOf);
  });
}

/** A status that another replica writes otherwise. */
export function withAlarmFacts(
  status: NotificationPolicyStatus,
  factsOf: AlarmFactsOf | undefined,
): NotificationPolicyStatus {
  if (!factsOf) return status;
  const rules = (status.rules ?? []).map((rule) => ranStatus(rule, factsOf));
  return { ...status, rules, totals: { ...status.totals, pending: total(rules, 'pending') } };
}

/** As it was, with what this replica knows of it. */
function ranStatus(rule: RuleStatus, factsOf: AlarmFactsOf): RuleStatus {
  const facts = rule.kind === 'Alarm' ? factsOf(rule.name) : undefined;
  if (!facts) return rule;
  const { message: _, ...kept } = rule;
  return { ...kept, ...facts };
}
