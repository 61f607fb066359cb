// Who is told of a subject's end: each address once, in the first of its roles.

import { parseAddress } from '../api/mail-address.ts';
import type { ReminderRule } from '../api/notification-policy.ts';
import type { Subject } from './subject.ts';

export type Role = 'Account' | 'Sponsor' | 'Address';

export interface Recipient {
  readonly role: Role;
  /** The envelope address. */
  readonly recipient: string;
}

export interface Told {
  readonly recipients: readonly Recipient[];
  /** Sentences: what is no address that a server takes. */
  readonly problems: readonly string[];
}

/** Those with a mail of their own; with a digest the rule's addresses share one instead. */
export function toldOf(subject: Subject, { notify, digest }: Pick<ReminderRule, 'notify' | 'digest'>): Told {
  return tell([
    ['Account', notify.account ? subject.account : undefined],
    ['Sponsor', notify.sponsor ? subject.sponsor : undefined],
    ['Address', subject.address || undefined],
    ...(digest ? [] : (notify.addresses ?? [])).map((address) => ['Address', address] as const),
  ]);
}

/** Those who get the digest. */
export function digestTold({ notify, digest }: Pick<ReminderRule, 'notify' | 'digest'>): Told {
  return tell((digest ? (notify.addresses ?? []) : []).map((address) => ['Address', address] as const));
}

function tell(wanted: readonly (readonly [Role, string | undefined])[]): Told {
  const told = new Map<string, Recipient>();
  const problems: string[] = [];
  for (const [role, text] of wanted) {
    if (text === undefined) continue;
    const address = parseAddress(text);
    if (address.kind === 'invalid') problems.push(address.message);
    else if (!told.has(address.text)) told.set(address.text, { role, recipient: address.text });
  }
  return { recipients: [...told.values()], problems };
}
