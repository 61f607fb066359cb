// A status with what was settled since it was written, and nothing else changed. Pure.
import type { NotificationPolicyStatus, RuleStatus } from '../api/notification-policy.ts';
import { ruleId } from '../mail/identity.ts';
import type { TallyTaken } from './tally.ts';

export function countedStatus(
  before: NotificationPolicyStatus,
  taken: TallyTaken,
  identity: string,
): NotificationPolicyStatus {
  const rules = (before.rules ?? []).map((rule) => ({ ...rule, ...countedRule(rule, taken, identity) }));
  const [sent, failed] = [total(rules, 'sent'), total(rules, 'failed')];
  return {
    ...before,
    rules,
    totals: { ...before.totals, sent, failed },
    recentDeliveries: [...taken.deliveries, ...(before.recentDeliveries ?? [])].slice(0, 10),
    ...(taken.lastTest && { lastTest: taken.lastTest }),
  };
}

export type RuleCounts = Pick<RuleStatus, 'sent' | 'failed' | 'sentBy'>;

/** Of a rule by its status before; `identity` names who sent. */
export function countedRule(
  { kind, name, sent = 0, failed = 0, sentBy }: Pick<RuleStatus, 'kind' | 'name'> & RuleCounts,
  { counts }: TallyTaken,
  identity: string,
): RuleCounts {
  const settled = counts.get(ruleId(kind, name)) ?? { sent: 0, failed: 0 };
  const by = settled.sent > 0 ? identity : sentBy;
  return { ...(by !== undefined && { sentBy: by }), sent: sent + settled.sent, failed: failed + settled.failed };
}

export function total(rules: readonly RuleStatus[], field: 'sent' | 'failed' | 'pending'): number {
  return rules.reduce((sum, rule) => sum + (rule[field] ?? 0), 0);
}
