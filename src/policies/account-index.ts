// Accounts by name, for a look at one of a hundred thousand; made anew once something changed in their namespace.
import type { Account } from '../api/account.ts';
import type { Key } from '../api/resource.ts';
import type { PolicyStore, StoredAccount } from '../store/policy-store.ts';

export interface AccountIndex {
  get(key: Key): StoredAccount | undefined;
  /** Undefined also where its Secret cannot be used. */
  readonly find: (key: Key) => Account | undefined;
  readonly changed: (key: Pick<Key, 'namespace'>) => void;
}

export function createAccountIndex(store: Pick<PolicyStore, 'accounts'>): AccountIndex {
  const byNamespace = new Map<string, ReadonlyMap<string, StoredAccount>>();

  function get({ namespace, name }: Key): StoredAccount | undefined {
    const known = byNamespace.get(namespace);
    if (known) return known.get(name);
    const made = new Map(store.accounts(namespace).map((one) => [nameOf(one), one]));
    byNamespace.set(namespace, made);
    return made.get(name);
  }

  return {
    get,
    find(key) {
      const found = get(key);
      return found?.kind === 'account' ? found.account : undefined;
    },
    changed: ({ namespace }) => void byNamespace.delete(namespace),
  };
}

function nameOf(stored: StoredAccount): string {
  return stored.kind === 'account' ? stored.account.name : stored.key.name;
}
