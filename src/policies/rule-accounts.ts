// The accounts of a namespace that a rule selects, the unusable ones apart.
import type { Account } from '../api/account.ts';
import { type LabelSelector, matchesSelector } from '../api/label-selector.ts';
import type { PolicyStore } from '../store/policy-store.ts';
import type { Complaint } from './rule-outcome.ts';

export interface RuleAccounts {
  readonly usable: readonly Account[];
  readonly unusable: readonly Complaint[];
}

export function ruleAccounts(
  store: Pick<PolicyStore, 'accounts'>,
  namespace: string,
  selector: LabelSelector | undefined,
): RuleAccounts {
  const usable: Account[] = [];
  const unusable: Complaint[] = [];
  for (const one of store.accounts(namespace)) {
    if (one.kind === 'account') {
      if (matchesSelector(one.account.labels, selector)) usable.push(one.account);
    } else if (matchesSelector(one.labels, selector)) {
      unusable.push({ ...one.key, reason: 'AccountInvalid', note: one.problems.join('; ') });
    }
  }
  return { usable, unusable };
}
