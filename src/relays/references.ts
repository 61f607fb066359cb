// What an SmtpRelay refers to, as the store names it.
import { type SpecReference, specReferences } from '../api/references/relay-references.ts';
import type { Key } from '../api/resource.ts';
import type { SmtpRelaySpec } from '../api/smtp-relay.ts';
import type { Reference } from '../store/store.ts';

export type RelayReference = Reference & SpecReference;

export function referencesOf({ namespace }: Key, spec: SmtpRelaySpec): readonly RelayReference[] {
  return specReferences(spec).map((reference) => ({ ...reference, namespace }));
}
