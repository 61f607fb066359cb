// The second look, right before a message is sent: whether what it says still holds.

import { type LabelSelector, matchesSelector } from '../api/label-selector.ts';
import type { NotificationPolicySpec, ReminderRule } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { StillWanted, Wanted } from '../mail/delivery/deliver-message.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import { instantText } from '../reminders/reminder-identity.ts';
import type { PolicyStore, StoredAccount } from '../store/policy-store.ts';
import type { AccountIndex } from './account-index.ts';
import type { PolicySpecs } from './policy-specs.ts';
import type { RelayBook } from './relay-book.ts';
import { namespacesOf, namespacesUnseen, subjectsIn } from './reminder-subjects.ts';

export interface WantedDeps {
  readonly store: PolicyStore;
  readonly accounts: AccountIndex;
  readonly book: RelayBook;
  readonly specs: PolicySpecs;
}

export function createStillWanted(deps: WantedDeps): StillWanted {
  return async (entry) => {
    const { policy, ruleKind, rule } = entry.identity;
    if (ruleKind === 'Test' || ruleKind === 'Alarm') return yes;
    const spec = deps.specs(policy);
    if (spec === 'gone') return no('PolicyDeleted');
    // Its relays could not be looked up either.
    if (spec === 'unreadable') return yes;
    return ruleKind === 'Credentials' ? credentials(entry, spec, deps) : await reminder(entry, rule, { spec, deps });
  };
}

const yes: Wanted = { kind: 'yes' };

function no(reason: string): Wanted {
  return { kind: 'no', reason };
}

function credentials(entry: OutboxEntry, spec: NotificationPolicySpec, deps: WantedDeps): Wanted {
  const { identity, seen, confidential } = entry;
  const rule = spec.credentials?.find(({ name }) => name === identity.rule);
  if (!rule) return no('RuleDeleted');
  if (confidential && (rule.password === 'Omit' || rule.password === 'Link')) return no('PasswordNotMailed');
  const { subject } = identity;
  const found = deps.accounts.get(subject);
  if (!found) return deps.store.accountsComplete(subject.namespace) ? no('AccountGone') : yes;
  if (!isSelected(found, rule.selector)) return no('NotSelected');
  // A broken edit of the account says nothing of its password.
  return found.kind === 'invalid' || found.account.passwordMark === seen ? yes : no('PasswordChanged');
}

function isSelected(found: StoredAccount, selector: LabelSelector | undefined): boolean {
  return matchesSelector(found.kind === 'invalid' ? found.labels : found.account.labels, selector);
}

interface Around {
  readonly spec: NotificationPolicySpec;
  readonly deps: WantedDeps;
}

async function reminder(entry: OutboxEntry, name: string, { spec, deps }: Around): Promise<Wanted> {
  const rule = spec.reminders?.find((one) => one.name === name);
  if (!rule) return no('RuleDeleted');
  // A digest tells what was so when it was made.
  if (entry.seen === '') return yes;
  const { subject, policy } = entry.identity;
  if (!namespacesOf(policy, rule, deps.store.namespaces()).includes(subject.namespace)) {
    return namespacesUnseen(rule, deps.store) === undefined ? no('NotSelected') : yes;
  }
  return rule.subjects.accounts ? account(entry, rule, deps) : await subjectOf(entry, rule, deps);
}

function account({ identity: { subject }, seen }: OutboxEntry, { subjects }: ReminderRule, deps: WantedDeps): Wanted {
  const found = deps.accounts.get(subject);
  if (!found) return deps.store.accountsComplete(subject.namespace) ? no('AccountGone') : yes;
  if (!isSelected(found, subjects.accounts?.selector)) return no('NotSelected');
  if (found.kind === 'invalid') return yes;
  const { validTo, passwordExpiresAt } = found.account;
  const end = subjects.accounts?.expiry === 'PasswordEnd' ? passwordExpiresAt : validTo;
  return end !== undefined && instantText(end) === seen ? yes : no('Renewed');
}

async function subjectOf(
  { identity: { subject }, seen }: OutboxEntry,
  rule: ReminderRule,
  deps: WantedDeps,
): Promise<Wanted> {
  const found = await subjectsIn(subject.namespace, rule, deps);
  for (const one of found.subjects) {
    if (keyText(one.key) !== keyText(subject)) continue;
    return one.kind === 'unusable' || instantText(one.end) === seen ? yes : no('Renewed');
  }
  if (found.unseen !== undefined || (rule.subjects.relays && isRelay(subject, deps))) return yes;
  return no('SubjectGone');
}

/** What its certificate was may be unknown for a while. */
function isRelay(subject: Key, { book }: WantedDeps): boolean {
  return book.all().some(({ metadata }) => keyText(metadata) === keyText(subject));
}
