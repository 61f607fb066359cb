// Credentials in an unexpected number (a backfill, a lost operator's key, under which every password counts as changed)
// are held for review like any run. Further accounts may come while somebody reviews them:
//
//   credentials-<hold>-<n>   the name of what is held: n mails. <hold> stays the same as long as anything is held, so that a
//                            name that was read a while ago still releases n mails, those of the oldest accounts, and as
//                            many as may go without review anyway.
import { createHash } from 'node:crypto';
import type { AccountPlan, CredentialsPlan } from './decide.ts';

export interface ReviewFacts {
  readonly maxPerRun: number;
  /** The annotation's value. */
  readonly released: string | undefined;
  /** What the status says is held. */
  readonly before: string | undefined;
}

export type Review =
  /** No more than maxPerRun. */
  | { readonly kind: 'free' }
  /** These may go. */
  | { readonly kind: 'released'; readonly run: string; readonly plan: CredentialsPlan }
  | { readonly kind: 'held'; readonly count: number; readonly run: string };

export function reviewCredentials(plan: CredentialsPlan, { maxPerRun, released, before }: ReviewFacts): Review {
  const ids = plan.accounts.flatMap(idsOf);
  if (ids.length <= maxPerRun) return { kind: 'free' };
  const hold = parseRun(before)?.hold ?? hashOf(ids);
  const run = `credentials-${hold}-${ids.length}`;
  const release = parseRun(released);
  if (release?.hold !== hold) return { kind: 'held', count: ids.length, run };
  return { kind: 'released', run, plan: ids.length <= release.count + maxPerRun ? plan : oldest(plan, release.count) };
}

/** Two names of the same hold are one run, as it grows. */
export function isSameHold(one: string | undefined, other: string | undefined): boolean {
  return one === other || (parseRun(one) !== undefined && parseRun(one)?.hold === parseRun(other)?.hold);
}

function idsOf(one: AccountPlan): readonly string[] {
  return one.kind === 'mail' ? one.mails.map(({ id }) => id) : [];
}

function hashOf(ids: readonly string[]): string {
  return createHash('sha256').update(ids.toSorted().join('\n')).digest('hex').slice(0, 12);
}

function parseRun(run: string | undefined): { readonly hold: string; readonly count: number } | undefined {
  const [, hold, count] = /^credentials-([0-9a-f]{12})-(\d{1,9})$/.exec(run ?? '') ?? [];
  return hold === undefined ? undefined : { hold, count: Number(count) };
}

function oldest({ subjects, accounts }: CredentialsPlan, count: number): CredentialsPlan {
  const taken: AccountPlan[] = [];
  let mails = 0;
  for (const one of accounts.toSorted((a, b) => a.account.createdAt - b.account.createdAt)) {
    if (one.kind === 'mail' && mails >= count) continue;
    mails += idsOf(one).length;
    taken.push(one);
  }
  return { subjects, accounts: taken };
}
