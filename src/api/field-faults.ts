// Judges of single fields that rules of every kind have, and the form in which their finding is said.
import { parseDuration } from './duration.ts';
import { isLocale } from './locale.ts';
import type { MailTemplate } from './notification-policy.ts';
import { goQuote } from './validation/go-text.ts';
import type { Violation } from './violation.ts';

/** What is wrong with a text, as a clause; undefined where nothing is. */
export type Judge = (text: string) => string | undefined;

export function fault(fieldPath: string, value: string | undefined, judge: Judge): Violation[] {
  const found = value === undefined ? undefined : judge(value);
  if (value === undefined || found === undefined) return [];
  return [{ reason: 'SchemaInvalid', fieldPath, message: `Invalid value: ${goQuote(value)}: ${found}` }];
}

export function durationFault(text: string): string | undefined {
  return parseDuration(text) ? undefined : 'must be longer than nothing, and no longer than can be counted';
}

/** Where no time at all means at once. */
export function waitFault(text: string): string | undefined {
  return parseDuration(text) === undefined ? 'must be no longer than can be counted' : undefined;
}

export function apiVersionFault(text: string): string | undefined {
  const pattern = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?v[0-9]+((alpha|beta)[0-9]+)?$/;
  return pattern.test(text) ? undefined : 'must be a group and a version such as cert-manager.io/v1, or v1';
}

export function templateViolations(template: MailTemplate | undefined, path: string): Violation[] {
  return Object.keys(template?.locales ?? {}).flatMap((locale) =>
    fault(`${path}.locales`, locale, () => (isLocale(locale) ? undefined : 'must be a locale such as de or pt-BR')),
  );
}
