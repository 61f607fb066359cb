// An account from its Secret: everything that is wrong with it as sentences, never the password or any part of it.
import { type Account, accountSecretType } from './account.ts';
import { isLocale } from './locale.ts';
import { parseAddress } from './mail-address.ts';
import type { ReferencedObject } from './referenced-object.ts';
import { isUnusable, type ReferencePlace, type Unusable, wrongType } from './references/checked.ts';
import { textValue } from './references/text-value.ts';
import type { ObjectMeta } from './resource.ts';
import { parseRfc3339 } from './rfc3339.ts';
import { isTimeZone } from './time-zone.ts';

export type AccountReading =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

export interface AccountObject extends Pick<ReferencedObject, 'type' | 'data'> {
  readonly metadata: ObjectMeta;
}

/** `mark` tells one password from another without showing it. */
export function readAccount(object: AccountObject, mark: (password: Buffer) => string): AccountReading {
  const { metadata, type, data } = object;
  const reader = createReader({ resourceVersion: '', type, data }, metadata.name);
  const password = reader.required('password');
  const account: Account = {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    resourceVersion: metadata.resourceVersion ?? '',
    createdAt: parseRfc3339(metadata.creationTimestamp ?? '') ?? 0,
    username: reader.required('username'),
    email: reader.address('email', reader.required('email')) ?? '',
    firstName: reader.optional('firstName'),
    lastName: reader.optional('lastName'),
    mobileNumber: reader.optional('mobileNumber'),
    validFrom: reader.time('validFrom'),
    validTo: reader.time('validTo'),
    passwordExpiresAt: reader.time('passwordExpiresAt'),
    sponsorEmail: reader.address('sponsorEmail', reader.optional('sponsorEmail')),
    personBeingVisited: reader.optional('personBeingVisited'),
    reasonForVisit: reader.optional('reasonForVisit'),
    locale: reader.locale(),
    timeZone: reader.timeZone(),
    oneTimeLink: reader.link(),
    passwordMark: mark(Buffer.from(password)),
  };
  const problems = [...reader.problems, ...orderProblems(account)];
  return problems.length === 0 ? { kind: 'account', account } : { kind: 'invalid', problems };
}

interface Reader {
  readonly problems: readonly string[];
  /** Empty where it is missing, which is then a problem. */
  readonly required: (key: string) => string;
  /** An empty value is an absent one: portals fill in every key. */
  readonly optional: (key: string) => string | undefined;
  readonly address: (key: string, text: string | undefined) => string | undefined;
  readonly time: (key: string) => number | undefined;
  readonly locale: () => string | undefined;
  readonly timeZone: () => string | undefined;
  readonly link: () => string | undefined;
}

function createReader(object: ReferencedObject, name: string): Reader {
  const place: ReferencePlace = { kind: 'Secret', name, fieldPath: '' };
  const problems: string[] = [];
  const refuse = ({ violation }: Unusable) => void problems.push(violation.message);
  const wrong = (key: string, message: string): undefined => {
    problems.push(`Secret "${name}" key "${key}" ${message}`);
    return undefined;
  };
  const required = (key: string) => {
    if ((object.data.get(key)?.length ?? 0) > longestValue) wrong(key, `is longer than ${longestValue} bytes`);
    const value = textValue(object, key, place);
    if (!isUnusable(value)) return value.text;
    refuse(value);
    return '';
  };
  const optional = (key: string) => (isEmpty(object.data.get(key)) ? undefined : required(key) || undefined);
  const checked = (key: string, { is, message }: { is: (text: string) => boolean; message: string }) => {
    const text = optional(key);
    return text === undefined || is(text) ? text : wrong(key, message);
  };
  const badType = wrongType(object, place, [accountSecretType]);
  if (badType) refuse(badType);
  return {
    problems,
    required,
    optional,
    address(key, text) {
      if (text === undefined || text === '' || parseAddress(text).kind === 'address') return text;
      return wrong(key, 'holds no e-mail address such as anna@example.com');
    },
    time(key) {
      const text = optional(key);
      if (text === undefined) return undefined;
      return parseRfc3339(text) ?? wrong(key, 'holds no time of RFC 3339 such as 2026-11-24T10:00:00Z');
    },
    locale: () => checked('locale', { is: isLocale, message: 'holds no locale such as de or pt-BR' }),
    timeZone: () => checked('timeZone', { is: isTimeZone, message: 'holds no IANA time zone such as Europe/Berlin' }),
    link: () => checked('oneTimeLink', { is: isHttpsUrl, message: 'holds no https URL without user and password' }),
  };
}

/** What a mail can show; every account's values are kept in memory. */
const longestValue = 2048;

function isEmpty(value: Buffer | undefined): boolean {
  return value === undefined || /^\r?\n?$/.test(value.subarray(0, 3).toString('latin1'));
}

function isHttpsUrl(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' && /^https:\/\//i.test(text) && url.username === '' && url.password === '';
}

function orderProblems({ name, validFrom, validTo }: Account): string[] {
  if (validFrom === undefined || validTo === undefined || validFrom < validTo) return [];
  return [`Secret "${name}" has a validTo that is not after its validFrom`];
}
