// Credentials in an unexpected number (a backfill, a lost operator's key, under which every password counts as changed)
// are held for review like any run.
import { createHash } from 'node:crypto';
import type { CredentialsPlan } from './decide.ts';

export interface HeldCredentials {
  readonly count: number;
  /** What the release annotation must say: it names these very mails, and no others. */
  readonly run: string;
}

/** Undefined where all may be sent; `released` is the annotation's value. */
export function heldCredentials(
  { accounts }: CredentialsPlan,
  { maxPerRun, released }: { readonly maxPerRun: number; readonly released: string | undefined },
): HeldCredentials | undefined {
  const ids = accounts.flatMap((one) => (one.kind === 'mail' ? one.mails.map(({ id }) => id) : []));
  if (ids.length <= maxPerRun) return undefined;
  const run = `credentials-${createHash('sha256').update(ids.toSorted().join('\n')).digest('hex').slice(0, 16)}`;
  return released === run ? undefined : { count: ids.length, run };
}
