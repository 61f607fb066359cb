// The subjects of a reminder rule, from each kind of thing that ends. What a selector leaves out is not looked at.
import type { Account } from '../api/account.ts';
import { isObject, type JsonObject } from '../api/json.ts';
import { parseJsonPath, valueAt } from '../api/json-path.ts';
import { type LabelSelector, selectorMatcher } from '../api/label-selector.ts';
import type { ReminderRule } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import { parseRfc3339 } from '../api/rfc3339.ts';
import type { Subject, Subjects, UnusableSubject } from './subject.ts';

type RuleSubjects = ReminderRule['subjects'];
type Labelled = Key & { readonly labels: Readonly<Record<string, string>> };

export function accountSubjects(
  accounts: readonly Account[],
  { selector, expiry }: NonNullable<RuleSubjects['accounts']>,
): Subjects {
  return collect(accounts, selector, ({ createdAt, email, sponsorEmail, validTo, passwordExpiresAt }) => {
    const end = expiry === 'AccountEnd' ? validTo : passwordExpiresAt;
    return end === undefined ? undefined : { end, createdAt, account: email, sponsor: sponsorEmail };
  });
}

/** A TLS Secret; notAfter is undefined where its certificate cannot be read. */
export interface EndingCertificate extends Labelled {
  readonly notAfter: number | undefined;
  readonly notBefore: number | undefined;
}

export function certificateSubjects(
  certificates: readonly EndingCertificate[],
  { selector }: NonNullable<RuleSubjects['certificates']>,
): Subjects {
  return collect(certificates, selector, ({ notAfter, notBefore }) =>
    notAfter === undefined
      ? 'has no certificate under tls.crt that can be read'
      : { end: notAfter, createdAt: notBefore },
  );
}

/** A relay and the end of the certificate that it was last seen to present (RFC 3339); undefined where none was seen. */
export interface EndingRelay extends Labelled {
  readonly notAfter: string | undefined;
  readonly notBefore: string | undefined;
}

export function relaySubjects(
  relays: readonly EndingRelay[],
  { selector }: NonNullable<RuleSubjects['relays']>,
): Subjects {
  return collect(relays, selector, ({ notAfter, notBefore }) => {
    if (notAfter === undefined) return undefined;
    const end = parseRfc3339(notAfter);
    return end === undefined ? 'has a status whose notAfter is no time' : { end, createdAt: time(notBefore) };
  });
}

export interface EndingResource extends Labelled {
  readonly object: JsonObject;
}

/** The rule's paths must have no fault. */
export function resourceSubjects(
  resources: readonly EndingResource[],
  rule: NonNullable<RuleSubjects['resources']>,
): Subjects {
  const [expiry, address] = [segments(rule.expiryPath), segments(rule.addressPath || undefined)];
  return collect(resources, rule.selector, ({ object }) => {
    const found = expiry && valueAt(object, expiry);
    if (found === undefined || found === null) return undefined;
    const end = time(found);
    if (end === undefined) return `has something else than a time of RFC 3339 at ${rule.expiryPath}`;
    const told = address && valueAt(object, address);
    if (told !== undefined && typeof told !== 'string')
      return `has something else than an address at ${rule.addressPath}`;
    const metadata = isObject(object.metadata) ? object.metadata : {};
    return { end, createdAt: time(metadata.creationTimestamp), address: told };
  });
}

type Found = Pick<Subject, 'end' | 'createdAt'> & Partial<Pick<Subject, 'account' | 'sponsor' | 'address'>>;

/** `read` gives undefined for what has no end, and a clause for what cannot be used. */
function collect<One extends Labelled>(
  all: readonly One[],
  selector: LabelSelector | undefined,
  read: (one: One) => Found | string | undefined,
): Subjects {
  const matches = selectorMatcher(selector);
  return {
    *[Symbol.iterator]() {
      for (const one of all) {
        const found = matches(one.labels) ? read(one) : undefined;
        if (found !== undefined) yield subjectOf(one, found);
      }
    },
  };
}

function subjectOf({ namespace, name }: Key, found: Found | string): Subject | UnusableSubject {
  const key = { namespace, name };
  if (typeof found === 'string') return { kind: 'unusable', key, problem: `"${name}" ${found}` };
  // Written out, not spread: there may be a hundred thousand of them.
  const { end, createdAt, account, sponsor, address } = found;
  return { kind: 'subject', key, end, createdAt, account, sponsor, address };
}

function segments(path: string | undefined) {
  const parsed = path === undefined ? undefined : parseJsonPath(path);
  return parsed?.kind === 'path' ? parsed.segments : undefined;
}

function time(value: unknown): number | undefined {
  return typeof value === 'string' ? parseRfc3339(value) : undefined;
}
