// An address that is corrected after the mail to the former one was refused for good: whoever has the password all the same
// is told now, at the new one. What was sent to others, or is on its way, is not sent again.
import type { Account } from '../api/account.ts';
import { type CredentialsCase, type CredentialsMail, credentialsMails } from './credentials-mails.ts';

/** Of one account and password by a rule, what the outbox has. */
export interface Tried {
  /** Recipients whose mail is dead. */
  readonly dead: ReadonlySet<string>;
  /** Ids of all that is there, dead or on its way. */
  readonly ids: ReadonlySet<string>;
}

export interface Correction extends Pick<CredentialsCase, 'policy' | 'rule'> {
  readonly sent: (id: string) => boolean;
  readonly tried: (account: Account) => Tried | undefined;
}

/** Nothing, where no address was corrected. */
export function correctedMails(
  account: Account,
  { policy, rule, sent, tried }: Correction,
): readonly CredentialsMail[] {
  const found = tried(account);
  if (!found) return [];
  const trigger = rule.triggers.includes('AccountCreated') ? 'AccountCreated' : 'PasswordReset';
  const made = credentialsMails({ account, trigger, policy, rule });
  if (made.kind === 'invalid') return [];
  const told = new Set(made.mails.map(({ identity }) => identity.recipient));
  if ([...found.dead].every((recipient) => told.has(recipient))) return [];
  // One of `notify.addresses` that came later is no correction.
  return made.mails.filter(({ id, role }) => role !== 'Address' && !sent(id) && !found.ids.has(id));
}
