// The answer of every check of what a resource refers to: what can be used, or what is wrong.
import type { Reason } from '../reasons.ts';
import type { ReferencedObject } from '../referenced-object.ts';
import type { Violation } from '../violation.ts';

/** Which object is meant and which field names it. */
export interface ReferencePlace {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** Such as `spec.tls.caSecretRef`. */
  readonly fieldPath: string;
}

/** What is odd but can be used. Never holds a value of the Secret. */
export interface ReferenceWarning {
  readonly reason: string;
  readonly message: string;
}

export type Checked<T> =
  | { readonly kind: 'usable'; readonly value: T; readonly warnings: readonly ReferenceWarning[] }
  | { readonly kind: 'unusable'; readonly violation: Violation };

export function usable<T>(value: T, warnings: readonly ReferenceWarning[] = []): Checked<T> {
  return { kind: 'usable', value, warnings };
}

/** The message follows the object's name: `Secret "login" has no key "password"`. */
export function unusable(place: ReferencePlace, reason: Reason, message: string): Unusable {
  return {
    kind: 'unusable',
    violation: { reason, fieldPath: place.fieldPath, message: `${objectText(place)} ${message}` },
  };
}
export type Unusable = Extract<Checked<never>, { kind: 'unusable' }>;

/** `Secret "corporate-ca"`. */
export function objectText({ kind, name }: Pick<ReferencePlace, 'kind' | 'name'>): string {
  return `${kind} "${name}"`;
}

export function wrongType(
  object: ReferencedObject,
  place: ReferencePlace,
  allowed: readonly string[],
): Unusable | undefined {
  // The API server gives a Secret without a type Opaque.
  const type = object.type === '' ? 'Opaque' : object.type;
  if (place.kind === 'ConfigMap' || allowed.includes(type)) return undefined;
  const message = `has the type ${type}; its type must be ${allowed.join(' or ')}, and can only be set when it is created`;
  return unusable(place, 'SecretTypeNotAllowed', message);
}

/** The bytes under a key; missing and empty ones are named with the keys that are there. */
export function bytesUnder(object: ReferencedObject, key: string, place: ReferencePlace): Buffer | Unusable {
  const value = object.data.get(key);
  if (value === undefined) {
    const keys = [...object.data.keys()].slice(0, 10).map((name) => `"${name}"`);
    const there = keys.length === 0 ? 'it has none' : `it has ${keys.join(', ')}`;
    return unusable(place, 'SecretKeyMissing', `has no key "${key}"; ${there}`);
  }
  if (value.length === 0) return unusable(place, 'SecretKeyMissing', `has nothing under its key "${key}"`);
  return value;
}

export function isUnusable(value: unknown): value is Unusable {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'unusable';
}
