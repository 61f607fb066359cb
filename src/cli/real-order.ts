// The mail of a rule for one real subject, its password and one-time link hidden: what `preview --subject` shows.
import type { Account } from '../api/account.ts';
import { type CredentialsMail, credentialsMails } from '../credentials/credentials-mails.ts';
import { credentialsData } from '../mail/builtin/mail-data.ts';
import { messageId } from '../mail/identity.ts';
import { findCertificates } from '../policies/find-certificates.ts';
import type { MailOrder } from '../policies/make-message.ts';
import type { NamedRule } from '../policies/named-rule.ts';
import { reminderOrder } from '../policies/reminder-order.ts';
import { ruleSubjects } from '../policies/reminder-subjects.ts';
import { ruleAccounts } from '../policies/rule-accounts.ts';
import type { SampleScene } from '../policies/sample-order.ts';
import { reminderIdentity } from '../reminders/reminder-identity.ts';
import type { Subject } from '../reminders/subject.ts';
import { upcoming } from '../reminders/upcoming.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import type { PreviewFlags } from './preview-command.ts';
import { type Failed, type SceneDeps, usableScene } from './usable-scene.ts';

export interface RealWish {
  readonly named: NamedRule;
  /** Or `namespace/name`. */
  readonly name: string;
  readonly flags: PreviewFlags;
}

export interface RealDeps extends SceneDeps {
  readonly stored: StoredPolicy;
}

type Ordered = MailOrder | Failed;

export async function realOrder(wish: RealWish, scene: SampleScene, deps: RealDeps): Promise<Ordered> {
  const { named } = wish;
  switch (named.kind) {
    case 'Credentials':
      return credentialsOrder({ ...wish, rule: named.rule }, scene, deps);
    case 'Reminder':
      return remindOrder({ ...wish, rule: named.rule }, scene, deps);
    case 'Alarm':
      return failed('An alarm rule has no subjects: leave --subject out, and see a mail with samples.');
  }
}

const hiddenPassword = '********';

type RuleWish<Kind extends NamedRule['kind']> = RealWish & {
  readonly rule: Extract<NamedRule, { kind: Kind }>['rule'];
};

function credentialsOrder(
  { rule, name, flags }: RuleWish<'Credentials'>,
  scene: SampleScene,
  { store }: RealDeps,
): Ordered {
  const { usable, unusable } = ruleAccounts(store, scene.key.namespace, rule.selector);
  const account = usable.find((one) => one.name === name || `${one.namespace}/${one.name}` === name);
  if (!account) {
    const why = unusable.find((one) => one.name === name)?.note;
    return failed(why ?? `The rule selects no account "${name}" in namespace ${scene.key.namespace}.`);
  }
  const trigger = flags.reset ? 'PasswordReset' : 'AccountCreated';
  const made = credentialsMails({ account, trigger, policy: scene.key, rule });
  if (made.kind === 'invalid') return failed(made.problem);
  const mail = made.mails.find(({ identity }) => identity.part === flags.part);
  if (!mail) return failed(`The rule sends no mail with the part ${flags.part}; SeparateMail does.`);
  const timeZone = account.timeZone ?? 'UTC';
  const data = credentialsData({
    account: withHiddenLink(account),
    password: hiddenPassword,
    passwordMode: rule.password,
    trigger,
    part: flags.part,
    accountTold: rule.notify.account,
    recipientRole: roles[mail.role],
    senderName: scene.senderName,
    timeZone,
  });
  return {
    ...{ id: mail.id, identity: mail.identity, template: scene.template, data, timeZone },
    kind: flags.part === 'Password' ? 'password' : 'credentials',
    locale: flags.locale ?? account.locale,
    ...{ confidential: false, secrets: [], seen: '', deliverBy: Date.now(), rememberUntil: undefined },
  };
}

const roles: Readonly<Record<CredentialsMail['role'], 'account' | 'sponsor' | 'address'>> = {
  Account: 'account',
  Sponsor: 'sponsor',
  Address: 'address',
};

/** Whoever has the link has the password. */
function withHiddenLink(account: Account): Account {
  const { oneTimeLink } = account;
  return oneTimeLink === undefined
    ? account
    : { ...account, oneTimeLink: `${new URL(oneTimeLink).origin}/${hiddenPassword}` };
}

const tenYears = 10 * 365 * 86_400_000;

/** The reminder that comes next, as it will read then. */
async function remindOrder(
  { rule, name, flags }: RuleWish<'Reminder'>,
  scene: SampleScene,
  deps: RealDeps,
): Promise<Ordered> {
  const found = await ruleSubjects(scene.key, rule, deps);
  const subjects: Subject[] = [];
  for (const one of found.subjects) {
    const isNamed = one.key.name === name || `${one.key.namespace}/${one.key.name}` === name;
    if (isNamed && one.kind === 'unusable') return failed(one.problem);
    if (isNamed && one.kind === 'subject') subjects.push(one);
  }
  if (subjects.length === 0) return failed(found.unseen ?? `The rule selects nothing named "${name}" that ends.`);
  const facts = { policy: scene.key, rule, now: Date.now(), within: tenYears, limit: 1, sent: () => false };
  const [next] = upcoming({ ...facts, subjects });
  const [recipient] = next?.recipients ?? [];
  if (!next || !recipient)
    return failed(`No reminder of "${name}" is to come: it ended, or the rule tells nobody of it.`);
  const identity = reminderIdentity(facts, next.subject, { step: next.due.step, recipient: recipient.recipient });
  const reminder = {
    ...({
      kind: 'Single',
      id: messageId(identity),
      identity,
      role: recipient.role,
      subject: next.subject,
      due: next.due,
    } as const),
    ...{ deliverBy: next.due.until, rememberUntil: next.due.until, seen: '' },
  };
  const usable = await usableScene(deps.stored, deps);
  if (usable.kind === 'failed') return usable;
  const account = (key: Subject['key']) => accountNamed(key, deps);
  const order = reminderOrder(reminder, {
    ...{ rule, template: scene.template, run: next.at, account, relay: deps.book.find },
    certificate: await findCertificates(scene.key, rule, deps.store),
    scene: usable.scene,
  });
  return { ...order, locale: flags.locale ?? order.locale };
}

function accountNamed({ namespace, name }: Subject['key'], { store }: RealDeps): Account | undefined {
  for (const one of store.accounts(namespace))
    if (one.kind === 'account' && one.account.name === name) return one.account;
  return undefined;
}

function failed(message: string): Ordered {
  return { kind: 'failed', message };
}
