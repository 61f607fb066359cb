// A policy's rules that mail, of whatever kind, with the places they have in the spec.
import type { CredentialsRule, NotificationPolicySpec, ReminderRule } from '../api/notification-policy.ts';

export type NamedRule =
  | { readonly kind: 'Credentials'; readonly rule: CredentialsRule; readonly fieldPath: string }
  | { readonly kind: 'Reminder'; readonly rule: ReminderRule; readonly fieldPath: string };

/** Credentials first, as the spec has them. */
export function rulesOf({ credentials = [], reminders = [] }: NotificationPolicySpec): readonly NamedRule[] {
  return [
    ...credentials.map((rule, index) => ({
      kind: 'Credentials' as const,
      rule,
      fieldPath: `spec.credentials[${index}]`,
    })),
    ...reminders.map((rule, index) => ({ kind: 'Reminder' as const, rule, fieldPath: `spec.reminders[${index}]` })),
  ];
}
