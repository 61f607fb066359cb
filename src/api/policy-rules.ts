// What is wrong with a policy that CEL cannot say: schedules, time zones, paths, locales, selectors, and rules that tell nobody.
import { parseDuration } from './duration.ts';
import { parseJsonPath } from './json-path.ts';
import { isLocale } from './locale.ts';
import type { CredentialsRule, MailTemplate, NotificationPolicySpec, ReminderRule } from './notification-policy.ts';
import { scheduleFault } from './schedule/cron-expression.ts';
import { timeZoneFault } from './time-zone.ts';
import { goQuote } from './validation/go-text.ts';
import { selectorViolations } from './validation/selector.ts';
import type { Violation } from './violation.ts';

export function policyViolations(spec: NotificationPolicySpec): readonly Violation[] {
  const { deliverWithin, credentials = [], reminders = [] } = spec;
  return [
    ...fault('spec.deliverWithin.credentials', deliverWithin.credentials, durationFault),
    ...credentials.flatMap((rule, index) => credentialsViolations(rule, `spec.credentials[${index}]`)),
    ...reminders.flatMap((rule, index) => reminderViolations(rule, `spec.reminders[${index}]`)),
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

function templateViolations(template: MailTemplate | undefined, path: string): Violation[] {
  return Object.keys(template?.locales ?? {}).flatMap((locale) =>
    fault(`${path}.locales`, locale, () => (isLocale(locale) ? undefined : 'must be a locale such as de or pt-BR')),
  );
}

function fault(fieldPath: string, value: string | undefined, judge: (text: string) => string | undefined): Violation[] {
  const found = value === undefined ? undefined : judge(value);
  if (value === undefined || found === undefined) return [];
  return [{ reason: 'SchemaInvalid', fieldPath, message: `Invalid value: ${goQuote(value)}: ${found}` }];
}

function durationFault(text: string): string | undefined {
  return parseDuration(text) ? undefined : 'must be longer than nothing, and no longer than can be counted';
}

function pathFault(text: string): string | undefined {
  const path = parseJsonPath(text);
  return path.kind === 'invalid' ? path.message : undefined;
}

function apiVersionFault(text: string): string | undefined {
  const pattern = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?v[0-9]+((alpha|beta)[0-9]+)?$/;
  return pattern.test(text) ? undefined : 'must be a group and a version such as cert-manager.io/v1, or v1';
}
