// What the outbox has of a credentials rule's mails, by account and password.

import type { Account } from '../api/account.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { Tried } from '../credentials/corrected.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';

export async function triedCredentials(
  { policy, rule }: { readonly policy: Key; readonly rule: string },
  { list }: Pick<Outbox, 'list'>,
): Promise<(account: Account) => Tried | undefined> {
  const found = new Map<string, { readonly dead: Set<string>; readonly ids: Set<string> }>();
  for (const { id, identity, state } of await list()) {
    const isOfRule = identity.ruleKind === 'Credentials' && identity.rule === rule;
    if (!isOfRule || keyText(identity.policy) !== keyText(policy)) continue;
    const key = `${keyText(identity.subject)} ${identity.occasion}`;
    const tried = found.get(key) ?? { dead: new Set(), ids: new Set() };
    found.set(key, tried);
    tried.ids.add(id);
    if (state === 'Dead') tried.dead.add(identity.recipient);
  }
  return (account) => {
    const tried = found.get(`${keyText(account)} ${account.passwordMark}`);
    return tried && tried.dead.size > 0 ? tried : undefined;
  };
}
