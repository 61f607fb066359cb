// Short names for the parts of the generated NotificationPolicy type that the rooms pass around.
import type { NotificationPolicy } from './generated/notification-policy.ts';

export type { NotificationPolicy };
export type NotificationPolicySpec = NotificationPolicy['spec'];
export type NotificationPolicyStatus = NonNullable<NotificationPolicy['status']>;
export type CredentialsRule = NonNullable<NotificationPolicySpec['credentials']>[number];
export type ReminderRule = NonNullable<NotificationPolicySpec['reminders']>[number];
export type AlarmRule = NonNullable<NotificationPolicySpec['alarms']>[number];
export type QuietPeriod = NonNullable<NotificationPolicySpec['quietPeriods']>[number];
export type AlarmMatcher = NonNullable<AlarmRule['match']>[number];
export type MailTemplate = NonNullable<CredentialsRule['template']>;
export type RuleStatus = NonNullable<NotificationPolicyStatus['rules']>[number];
export type RecentDelivery = NonNullable<NotificationPolicyStatus['recentDeliveries']>[number];
export type UpcomingReminder = NonNullable<NotificationPolicyStatus['upcoming']>[number];

export const policyKind = 'NotificationPolicy';
/** `<token> <address>`: sends the first rule's mail with sample data to that address. */
export const testRequestedAnnotation = 'relaykeeper.dev/test-requested';
/** Its value is `status.rules[].heldRun`; releases that run. */
export const releaseAnnotation = 'relaykeeper.dev/release';
/** On a namespace: whose policies, comma-separated namespaces, may read its subjects. */
export const policiesFromAnnotation = 'relaykeeper.dev/policies-from';
