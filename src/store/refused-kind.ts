// Secrets are no `resources`: what is listed is kept whole, and shown in mails by paths that a user writes.
import type { ResourceKind } from './policy-store.ts';

/** Why objects of this kind are not listed, a sentence; undefined where they may be. */
export function refusedKind({ kind }: ResourceKind): string | undefined {
  if (kind !== 'Secret') return undefined;
  return 'Secrets are never listed as resources; for the certificate in a Secret use subjects.certificates';
}
