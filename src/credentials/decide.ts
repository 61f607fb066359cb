// Who gets which credentials mail, from what the ledger remembers. For each account that a rule selects:
//
//   known to the rule?   this password?   →
//   no                   –                AccountCreated: mail; or recorded only, where it is older than the rule
//                                         (without backfill) or the trigger is not asked for
//   yes                  no               PasswordReset: mail; or recorded only, where the trigger is not asked for
//   yes                  yes              nothing: applied again, a policy restored, an address added to the rule; but mail
//                                         to an address that was corrected after its mail was refused for good
//   no                   yes              recorded only: brought back by a restore, which mails nothing
//
// Two marks in the ledger say which: one for the account, one for its password. The account's has the time of its
// creation, so that one that was deleted and created anew is new, though the ledger still remembers the other. They are for the ledger as soon as the
// mails are accepted, so that a crash in between makes the same mails again, which the outbox knows.
import type { Account } from '../api/account.ts';
import { selectorMatcher } from '../api/label-selector.ts';
import type { CredentialsRule } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import { type MessageIdentity, messageId } from '../mail/identity.ts';
import type { LedgerRecord } from '../mail/ledger.ts';
import { type Correction, correctedMails } from './corrected.ts';
import { type CredentialsMail, credentialsMails, type Trigger } from './credentials-mails.ts';

export interface CredentialsFacts {
  readonly policy: Key;
  readonly rule: CredentialsRule;
  /** When the rule was first seen, milliseconds since the epoch: what is older is recorded only. */
  readonly since: number;
  /** Of the policy's namespace: credentials never cross. */
  readonly accounts: readonly Account[];
  /** Whether the ledger has this id. */
  readonly sent: (id: string) => boolean;
  /** What the outbox has of an account's mails where one of them is dead; absent: nothing. */
  readonly tried?: Correction['tried'];
}

export type AccountPlan =
  /** `record` is for the ledger once all mails are accepted; `warnings` are sentences. */
  | {
      readonly kind: 'mail';
      readonly account: Account;
      readonly trigger: Trigger;
      readonly mails: readonly [CredentialsMail, ...CredentialsMail[]];
      readonly record: readonly LedgerRecord[];
      readonly warnings: readonly string[];
    }
  /** Remembered as if it had been mailed. */
  | { readonly kind: 'record'; readonly account: Account; readonly record: readonly LedgerRecord[] }
  | { readonly kind: 'invalid'; readonly account: Account; readonly problem: string };

export interface CredentialsPlan {
  /** How many accounts the rule selects. */
  readonly subjects: number;
  /** Those for which there is something to do. */
  readonly accounts: readonly AccountPlan[];
}

export function decideCredentials(facts: CredentialsFacts): CredentialsPlan {
  const matches = selectorMatcher(facts.rule.selector);
  const selected = facts.accounts.filter(
    ({ namespace, labels }) => namespace === facts.policy.namespace && matches(labels),
  );
  return { subjects: selected.length, accounts: selected.flatMap((account) => accountPlan(account, facts) ?? []) };
}

function accountPlan(account: Account, facts: CredentialsFacts): AccountPlan | undefined {
  const { policy, rule, sent } = facts;
  const known = mark(account, { policy, rule, occasion: `Known ${new Date(account.createdAt).toISOString()}` });
  const password = mark(account, { policy, rule, occasion: account.passwordMark });
  if (sent(password.id))
    return sent(known.id) ? corrected(account, facts) : { kind: 'record', account, record: [known] };
  const record = [known, password].filter(({ id }) => !sent(id));
  const trigger = sent(known.id) ? 'PasswordReset' : 'AccountCreated';
  if (!rule.triggers.includes(trigger)) return { kind: 'record', account, record };
  if (trigger === 'AccountCreated' && isOlder(account, facts)) return { kind: 'record', account, record };

  const made = credentialsMails({ account, trigger, policy, rule });
  if (made.kind === 'invalid') return { ...made, account };
  const [first, ...others] = made.mails.filter(({ id }) => !sent(id));
  if (!first) return { kind: 'record', account, record };
  return { kind: 'mail', account, trigger, mails: [first, ...others], record, warnings: made.warnings };
}

function corrected(account: Account, { policy, rule, sent, tried }: CredentialsFacts): AccountPlan | undefined {
  const [first, ...others] = tried ? correctedMails(account, { policy, rule, sent, tried }) : [];
  if (!first) return undefined;
  return { kind: 'mail', account, trigger: first.trigger, mails: [first, ...others], record: [], warnings: [] };
}

/** Kubernetes tells an object's creation in whole seconds, rounded down. */
function isOlder({ createdAt }: Account, { rule, since }: CredentialsFacts): boolean {
  return !rule.backfill && createdAt < Math.floor(since / 1000) * 1000;
}

interface Mark {
  readonly policy: Key;
  readonly rule: CredentialsRule;
  readonly occasion: string;
}

/** No mail has an empty recipient, so that a mark is never taken for one. */
function mark({ namespace, name }: Account, { policy, rule, occasion }: Mark): LedgerRecord {
  const identity: MessageIdentity = {
    policy: { namespace: policy.namespace, name: policy.name },
    ruleKind: 'Credentials',
    rule: rule.name,
    subject: { namespace, name },
    occasion,
    recipient: '',
    part: 'Main',
  };
  return { id: messageId(identity), subject: `${namespace}/${name}`, keepUntil: undefined };
}
