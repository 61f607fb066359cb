// Makes a policy's status fit its schema and the size that etcd and readers can bear, as fit-status.ts does a relay's.
import { cutToBounds, maxStatusBytes, statusBoundsOf, truncate } from './fit-status.ts';
import crd from './generated/notification-policy-crd.json' with { type: 'json' };
import type { NotificationPolicyStatus } from './notification-policy.ts';

export function fitPolicyStatus(status: NotificationPolicyStatus): NotificationPolicyStatus {
  let fitted = cutToBounds(status, statusBoundsOf(crd)) as NotificationPolicyStatus;
  for (const omit of omissions) {
    if (Buffer.byteLength(JSON.stringify(fitted)) <= maxStatusBytes) break;
    fitted = omit(fitted);
  }
  return fitted;
}

/** The least useful first. */
const omissions: readonly ((status: NotificationPolicyStatus) => NotificationPolicyStatus)[] = [
  ({ upcoming = [], ...status }) => ({ ...status, upcoming: upcoming.slice(0, 3) }),
  ({ rules = [], ...status }) => ({
    ...status,
    rules: rules.map((rule) => ({ ...rule, ...(rule.message && { message: truncate(rule.message, 60, 120) }) })),
  }),
  ({ conditions = [], ...status }) => ({
    ...status,
    conditions: conditions.map((condition) => ({ ...condition, message: truncate(condition.message, 256, 512) })),
  }),
  ({ recentDeliveries = [], ...status }) => ({ ...status, recentDeliveries: recentDeliveries.slice(0, 3) }),
  ({ rules = [], ...status }) => ({
    ...status,
    rules: rules.map(({ message: _, subjects: __, ...rule }) => rule),
  }),
];
