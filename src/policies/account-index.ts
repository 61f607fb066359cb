// Accounts by name, as rules and their mails ask for them.
import type { Account } from '../api/account.ts';
import type { Key } from '../api/resource.ts';
import type { PolicyStore, StoredAccount } from '../store/policy-store.ts';

export interface AccountIndex {
  get(key: Key): StoredAccount | undefined;
  /** Undefined also where its Secret cannot be used. */
  readonly find: (key: Key) => Account | undefined;
}

export function createAccountIndex(store: Pick<PolicyStore, 'account'>): AccountIndex {
  return {
    get: store.account,
    find(key) {
      const found = store.account(key);
      return found?.kind === 'account' ? found.account : undefined;
    },
  };
}
