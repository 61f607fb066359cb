// Who is told of a notice: addresses, admin accounts that have system alarms on, and the owner of the alarm's namespace.

import type { Notice } from '../../alarms/notice.ts';
import { type Account, accountLabel } from '../../api/account.ts';
import { parseAddress } from '../../api/mail-address.ts';
import type { AlarmRule } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import type { PolicyStore } from '../../store/policy-store.ts';
import { mayLook } from '../reminder-subjects.ts';
import { isCut, namespaceNotices } from './namespace-notices.ts';

export interface AlarmRecipient {
  readonly address: string;
  readonly role: 'account' | 'address';
  /** What of the notice they are told. */
  readonly notice: Notice;
  /** Of an account. */
  readonly locale: string | undefined;
  readonly timeZone: string | undefined;
}

export interface AlarmRecipients {
  readonly recipients: readonly AlarmRecipient[];
  /** Sentences about who could not be told. */
  readonly problems: readonly string[];
}

export interface RecipientFacts {
  readonly policy: Key;
  readonly rule: Pick<AlarmRule, 'notify'>;
  readonly store: Pick<PolicyStore, 'accounts' | 'namespaces'>;
}

const systemAlarmsLabel = 'relaykeeper.dev/system-alarms';

/** Accounts and namespaces are looked at once, for any number of notices. */
export function alarmRecipients(facts: RecipientFacts): (notice: Notice) => AlarmRecipients {
  const { addresses = [], adminAccounts, namespaceAnnotation } = facts.rule.notify;
  const admins = adminAccounts ? adminsOf(facts) : { accounts: [], problems: [] };
  const namespaces = namespaceAnnotation ? ownedNamespaces(facts, namespaceAnnotation) : [];
  return (notice) => {
    const owners = namespaceAnnotation ? ownersOf(notice, namespaces, namespaceAnnotation) : none;
    return {
      recipients: eachOnce([
        ...addresses.map((address) => plain(address, notice)),
        ...admins.accounts.map((account) => adminOf(account, notice)),
        ...owners.recipients,
      ]),
      problems: [...admins.problems, ...owners.problems],
    };
  };
}

const none: AlarmRecipients = { recipients: [], problems: [] };

function plain(address: string, notice: Notice): AlarmRecipient {
  return { address, role: 'address', notice, locale: undefined, timeZone: undefined };
}

function adminOf({ email: address, locale, timeZone }: Account, notice: Notice): AlarmRecipient {
  return { address, role: 'account', notice, locale, timeZone };
}

function adminsOf({ policy, store }: RecipientFacts) {
  const accounts: Account[] = [];
  const problems: string[] = [];
  for (const one of store.accounts(policy.namespace)) {
    const labels = one.kind === 'account' ? one.account.labels : one.labels;
    if (labels[accountLabel] !== 'admin' || labels[systemAlarmsLabel] !== 'true') continue;
    if (one.kind === 'account') accounts.push(one.account);
    else problems.push(`The account ${one.key.name} cannot be used, and is not told.`);
  }
  return { accounts, problems };
}

interface OwnedNamespace {
  readonly name: string;
  readonly address: string;
}

/** One that is not open to the policy's namespace has no owner here. */
function ownedNamespaces({ policy, store }: RecipientFacts, annotation: string): readonly OwnedNamespace[] {
  return store.namespaces().flatMap(({ name, annotations }) => {
    const address = annotations[annotation]?.trim();
    return address && (name === policy.namespace || mayLook(annotations, policy)) ? [{ name, address }] : [];
  });
}

function ownersOf(notice: Notice, namespaces: readonly OwnedNamespace[], annotation: string): AlarmRecipients {
  const recipients: AlarmRecipient[] = [];
  const problems = isCut(notice) ? [cutOff] : [];
  const parts = namespaceNotices(notice);
  for (const { name, address } of parts.size === 0 ? [] : namespaces) {
    const part = parts.get(name);
    if (!part) continue;
    const parsed = parseAddress(address);
    if (parsed.kind === 'address') recipients.push(plain(parsed.text, part));
    else problems.push(`The annotation ${annotation} of namespace ${name} is no address: ${parsed.message}.`);
  }
  return { recipients, problems };
}

const cutOff = 'A digest had more alarms than its rows: owners of namespaces were not told of the others.';

/** However often an address is given; who is told all needs no part. */
function eachOnce(all: readonly AlarmRecipient[]): readonly AlarmRecipient[] {
  const found = new Map<string, AlarmRecipient>();
  for (const one of all) {
    const parsed = parseAddress(one.address);
    const address = parsed.kind === 'address' ? parsed.text : one.address;
    if (!found.has(address)) found.set(address, { ...one, address });
  }
  return [...found.values()];
}
