// What is wrong with a policy that CEL cannot say: schedules, time zones, paths, locales, selectors, and rules that tell nobody.
import { alarmViolations } from './alarm-rules.ts';
import { apiVersionFault, durationFault, fault, templateViolations } from './field-faults.ts';
import { parseJsonPath } from './json-path.ts';
import type { CredentialsRule, NotificationPolicySpec, ReminderRule } from './notification-policy.ts';
import { scheduleFault } from './schedule/cron-expression.ts';
import { timeZoneFault } from './time-zone.ts';
import { selectorViolations } from './validation/selector.ts';
import type { Violation } from './violation.ts';

export function policyViolations(spec: NotificationPolicySpec): readonly Violation[] {
  const { deliverWithin, credentials = [], reminders = [] } = spec;
  return [
    ...fault('spec.deliverWithin.credentials', deliverWithin.credentials, durationFault),
    ...credentials.flatMap((rule, index) => credentialsViolations(rule, `spec.credentials[${index}]`)),
    ...reminders.flatMap((rule, index) => reminderViolations(rule, `spec.reminders[${index}]`)),
    ...alarmViolations(spec),
  ];
}

function credentialsViolations({ selector, template }: CredentialsRule, path: string): Violation[] {
  return [...selectorViolations(selector, `${path}.selector`), ...templateViolations(template, `${path}.template`)];
}

function reminderViolations(rule: ReminderRule, path: string): Violation[] {
  return [
    ...subjectsViolations(rule.subjects, `${path}.subjects`),
    ...selectorViolations(rule.namespaceSelector, `${path}.namespaceSelector`),
    ...fault(`${path}.schedule`, rule.schedule, scheduleFault),
    ...fault(`${path}.timeZone`, rule.timeZone, timeZoneFault),
    ...nobodyTold(rule, `${path}.notify`),
    ...templateViolations(rule.template, `${path}.template`),
  ];
}

function subjectsViolations(subjects: ReminderRule['subjects'], path: string): Violation[] {
  const { accounts, certificates, resources, relays } = subjects;
  return [
    ...Object.entries({ accounts, certificates, resources, relays }).flatMap(([kind, one]) =>
      selectorViolations(one?.selector, `${path}.${kind}.selector`),
    ),
    ...fault(`${path}.resources.apiVersion`, resources?.apiVersion, apiVersionFault),
    ...fault(`${path}.resources.expiryPath`, resources?.expiryPath, pathFault),
    ...fault(`${path}.resources.addressPath`, resources?.addressPath || undefined, pathFault),
  ];
}

/** Only accounts have addresses of their own, and resources where a path leads to one. */
function nobodyTold({ subjects, notify }: ReminderRule, fieldPath: string): Violation[] {
  const { certificates, relays, resources } = subjects;
  const addressless = certificates ?? relays ?? (resources?.addressPath ? undefined : resources);
  if (!addressless || (notify.addresses ?? []).length > 0) return [];
  const message = 'Invalid value: nobody would be told: only accounts have addresses of their own; set addresses';
  return [{ reason: 'CombinationInvalid', fieldPath, message }];
}

function pathFault(text: string): string | undefined {
  const path = parseJsonPath(text);
  return path.kind === 'invalid' ? path.message : undefined;
}
