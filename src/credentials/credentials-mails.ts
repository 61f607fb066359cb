// The mails that one account's credentials make: a recipient each, and with SeparateMail a second one for the password.
import type { Account } from '../api/account.ts';
import { parseAddress } from '../api/mail-address.ts';
import type { CredentialsRule } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import { type MessageIdentity, messageId } from '../mail/identity.ts';

export type Trigger = CredentialsRule['triggers'][number];

export interface CredentialsMail {
  /** `messageId(identity)`. */
  readonly id: string;
  readonly identity: MessageIdentity;
  /** Why this recipient is told. */
  readonly role: 'Account' | 'Sponsor' | 'Address';
  readonly trigger: Trigger;
  /** It holds the password: only a verified, encrypted relay may take it. */
  readonly confidential: boolean;
  /** For the second look just before sending: the password's mark. */
  readonly seen: string;
}

export interface CredentialsCase {
  readonly account: Account;
  readonly trigger: Trigger;
  readonly policy: Key;
  readonly rule: CredentialsRule;
}

export type CredentialsMails =
  | { readonly kind: 'mails'; readonly mails: readonly CredentialsMail[]; readonly warnings: readonly string[] }
  | { readonly kind: 'invalid'; readonly problem: string };

export function credentialsMails(one: CredentialsCase): CredentialsMails {
  const { account, rule } = one;
  const title = `Account "${account.name}"`;
  if (rule.password === 'Link' && account.oneTimeLink === undefined) {
    return {
      kind: 'invalid',
      problem: `${title} has no oneTimeLink, which rule "${rule.name}" mails (password: Link)`,
    };
  }
  const { told, problems } = recipients(account, rule);
  if (told.length === 0) return { kind: 'invalid', problem: `${title} leaves nobody to tell: ${problems.join('; ')}` };
  return {
    kind: 'mails',
    mails: told.flatMap((recipient) => parts(rule).map((part) => mail(one, { ...recipient, part }))),
    warnings: problems.map((problem) => `${title}: ${problem}`),
  };
}

interface Recipient {
  readonly role: CredentialsMail['role'];
  readonly recipient: string;
}

/** Each address once, in the first of its roles; what is no address of RFC 5321 is a problem and left out. */
function recipients(account: Account, { name, notify }: CredentialsRule) {
  const wanted: readonly (readonly [CredentialsMail['role'], string | undefined])[] = [
    ...(notify.account ? [['Account', account.email] as const] : []),
    ...(notify.sponsor ? [['Sponsor', account.sponsorEmail] as const] : []),
    ...(notify.addresses ?? []).map((address) => ['Address', address] as const),
  ];
  const told = new Map<string, Recipient>();
  const problems: string[] = [];
  for (const [role, text] of wanted) {
    const address = text === undefined ? undefined : parseAddress(text);
    if (address === undefined) problems.push(`it has no sponsorEmail, though rule "${name}" tells the sponsor`);
    else if (address.kind === 'invalid') problems.push(`${sourceOf[role]}: ${address.message}`);
    else if (!told.has(address.text)) told.set(address.text, { role, recipient: address.text });
  }
  return { told: [...told.values()], problems };
}

const sourceOf = { Account: 'email', Sponsor: 'sponsorEmail', Address: 'notify.addresses' } as const;

function parts({ password }: CredentialsRule): readonly MessageIdentity['part'][] {
  return password === 'SeparateMail' ? ['Main', 'Password'] : ['Main'];
}

function mail(
  { account, trigger, policy, rule }: CredentialsCase,
  { role, recipient, part }: Recipient & { readonly part: MessageIdentity['part'] },
): CredentialsMail {
  const identity: MessageIdentity = {
    policy: { namespace: policy.namespace, name: policy.name },
    ruleKind: 'Credentials',
    rule: rule.name,
    subject: { namespace: account.namespace, name: account.name },
    occasion: account.passwordMark,
    recipient,
    part,
  };
  const confidential = rule.password === 'Include' || part === 'Password';
  return { id: messageId(identity), identity, role, trigger, confidential, seen: account.passwordMark };
}
