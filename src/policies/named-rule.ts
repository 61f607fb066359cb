// A policy's rules that mail, of whatever kind, with the places they have in the spec.
import type { AlarmRule, CredentialsRule, NotificationPolicySpec, ReminderRule } from '../api/notification-policy.ts';

export type NamedRule =
  | { readonly kind: 'Credentials'; readonly rule: CredentialsRule; readonly fieldPath: string }
  | { readonly kind: 'Reminder'; readonly rule: ReminderRule; readonly fieldPath: string }
  | { readonly kind: 'Alarm'; readonly rule: AlarmRule; readonly fieldPath: string };

/** Credentials first, then reminders, as the spec has them. */
export function rulesOf({
  credentials = [],
  reminders = [],
  alarms = [],
}: NotificationPolicySpec): readonly NamedRule[] {
  return [
    ...credentials.map((rule, index) => ({
      kind: 'Credentials' as const,
      rule,
      fieldPath: `spec.credentials[${index}]`,
    })),
    ...reminders.map((rule, index) => ({ kind: 'Reminder' as const, rule, fieldPath: `spec.reminders[${index}]` })),
    ...alarms.map((rule, index) => ({ kind: 'Alarm' as const, rule, fieldPath: `spec.alarms[${index}]` })),
  ];
}
