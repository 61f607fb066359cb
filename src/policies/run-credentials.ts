// Runs one credentials rule: decides whom to mail, reads a password only while its mail is made, brings the mails to the
// outbox, and then remembers that it did.
import type { Account } from '../api/account.ts';
import { parseDuration } from '../api/duration.ts';
import type { CredentialsRule } from '../api/notification-policy.ts';
import { releaseAnnotation } from '../api/notification-policy.ts';
import { isUnusable } from '../api/references/checked.ts';
import { textValue } from '../api/references/text-value.ts';
import type { CredentialsMail } from '../credentials/credentials-mails.ts';
import { type AccountPlan, type CredentialsPlan, decideCredentials } from '../credentials/decide.ts';
import { reviewCredentials } from '../credentials/held-run.ts';
import { credentialsData } from '../mail/builtin/mail-data.ts';
import { acceptOrders } from './accept-orders.ts';
import { heldMessage } from './held-message.ts';
import { refreshed, remember } from './ledger-words.ts';
import type { MailOrder } from './make-message.ts';
import type { PolicyDeps } from './policy-deps.ts';
import { ruleBefore } from './policy-memory.ts';
import type { PolicyScene } from './read-policy.ts';
import { ruleAccounts } from './rule-accounts.ts';
import { type Complaint, lookAgain, mails, noted, type RuleOutcome, retrySoon } from './rule-outcome.ts';
import type { TemplateFor } from './rule-templates.ts';
import { triedCredentials } from './tried-credentials.ts';

export interface CredentialsRun {
  readonly rule: CredentialsRule;
  readonly template: TemplateFor;
  readonly fieldPath: string;
  readonly since: number;
  /** The status says since when: an account is taken for older than the rule only then. */
  readonly isSettled: boolean;
  readonly scene: PolicyScene;
}

export async function runCredentials(run: CredentialsRun, deps: PolicyDeps): Promise<RuleOutcome> {
  const { rule, scene } = run;
  const { spec, key, stored } = scene;
  const accounts = ruleAccounts(deps.store, key.namespace, rule.selector);
  const tried = await triedCredentials({ policy: key, rule: rule.name }, deps.outbox);
  const facts = { policy: key, rule, since: run.since, accounts: accounts.usable, sent: deps.ledger.has, tried };
  const decide = () => decideCredentials(facts);
  const hasWork = decide().accounts.some(({ kind }) => kind !== 'invalid');
  const behind = hasWork && spec.mode === 'Active' ? await refreshed(deps) : undefined;
  const plan = decide();
  const outcome = outcomeOf(run, {
    plan,
    unusable: accounts.unusable,
    unseen: whyUnseen(run, deps),
    now: deps.clock.now(),
  });
  if (behind !== undefined) return { ...outcome, ...noted(outcome, behind), dueAt: deps.clock.now() + retrySoon };
  const count = mailsOf(plan);
  if (spec.mode === 'DryRun') return { ...outcome, ...noted(outcome, count > 0 ? `Would send ${mails(count)}.` : '') };
  // Said before the first account comes.
  const blocked = encryptionMissing(run);
  if (blocked && count > 0) return { ...outcome, ...noted(outcome, blocked.message), blocked };
  const released = stored.metadata.annotations?.[releaseAnnotation];
  const before = ruleBefore(stored.status, 'Credentials', rule.name)?.heldRun;
  const review = reviewCredentials(plan, { maxPerRun: spec.maxPerRun, released, before });
  if (review.kind === 'free') {
    const acted = await act(plan, run, { outcome, deps });
    return blocked ? { ...acted, ...noted(acted, blocked.message), blocked } : acted;
  }
  if (review.kind === 'held') {
    const noting = noted(outcome, heldMessage({ ...review, maxPerRun: spec.maxPerRun, released }));
    return { ...outcome, facts: { ...noting.facts, held: review.count, heldRun: review.run } };
  }
  const acted = await act(review.plan, run, { outcome, deps });
  const left = count - mailsOf(review.plan);
  // What came since waits for the next look; what could not be done now stays released.
  if (acted.dueAt === outcome.dueAt) return left > 0 ? { ...acted, dueAt: deps.clock.now() + retrySoon } : acted;
  return { ...acted, facts: { ...acted.facts, held: count, heldRun: review.run } };
}

interface Decided {
  readonly plan: CredentialsPlan;
  readonly unusable: readonly Complaint[];
  readonly unseen: string | undefined;
  readonly now: number;
}

function outcomeOf({ rule, since }: CredentialsRun, { plan, unusable, unseen, now }: Decided): RuleOutcome {
  const refused = plan.accounts.flatMap((one) => (one.kind === 'invalid' ? [complaint(one.account, one.problem)] : []));
  const complaints = [...unusable, ...refused];
  return {
    facts: {
      kind: 'Credentials',
      name: rule.name,
      since: new Date(since).toISOString(),
      subjects: plan.subjects + unusable.length,
      invalid: complaints.length,
      due: mailsOf(plan),
      message: unseen ?? '',
    },
    upcoming: [],
    blocked: undefined,
    dueAt: unseen === undefined ? undefined : now + lookAgain,
    complaints,
  };
}

async function act(
  plan: CredentialsPlan,
  run: CredentialsRun,
  { outcome, deps }: { readonly outcome: RuleOutcome; readonly deps: PolicyDeps },
): Promise<RuleOutcome> {
  const done: Acted[] = [];
  // A first look at many accounts is many records, which are written together. One replica makes them: another may not
  // know yet since when the rule is there.
  const silent = run.isSettled && deps.mayRemind() ? plan.accounts.filter(isRecord) : [];
  const mailed = plan.accounts.filter(isMail);
  for (const batch of [silent, ...batches(mailed, atOnce)]) {
    done.push(...(await Promise.all(batch.map((one) => actOn(one, run, deps)))));
    if (done.some(({ halts }) => halts)) break;
  }
  const more = done.flatMap(({ complaints }) => complaints);
  const stopped = done.find((one) => one.stopped !== undefined)?.stopped;
  const facts = { ...outcome.facts, invalid: (outcome.facts.invalid ?? 0) + more.length };
  return {
    ...outcome,
    complaints: [...outcome.complaints, ...more],
    ...(stopped === undefined ? { facts: { ...facts, due: 0 } } : noted({ facts }, stopped)),
    dueAt: stopped === undefined ? outcome.dueAt : deps.clock.now() + retrySoon,
  };
}

/** Accounts whose mails are made and accepted together. */
const atOnce = 64;

interface Acted {
  readonly complaints: readonly Complaint[];
  /** Why it has to be tried again: a sentence. */
  readonly stopped: string | undefined;
  /** None of its mails may be sent: once that is put right, it counts as new. */
  readonly undone: boolean;
  /** It would go no better with the next account. */
  readonly halts: boolean;
}

const nothing: Acted = { complaints: [], stopped: undefined, undone: false, halts: false };

async function actOn(
  one: AccountPlan & { kind: 'mail' | 'record' },
  run: CredentialsRun,
  deps: PolicyDeps,
): Promise<Acted> {
  const made = one.kind === 'mail' ? await mailAccount(one, run, deps) : nothing;
  if (made.stopped !== undefined || made.undone) return made;
  const fault = await remember(one.record, deps);
  return fault === undefined ? made : { ...made, stopped: fault, halts: true };
}

async function mailAccount(
  plan: AccountPlan & { kind: 'mail' },
  run: CredentialsRun,
  deps: PolicyDeps,
): Promise<Acted> {
  const { account } = plan;
  const secret = await readPassword(account, deps);
  if (secret.kind === 'stopped') return { ...nothing, stopped: secret.message };
  const orders = plan.mails.map((mail) =>
    orderOf(mail, { account, password: secret.password, run, now: deps.clock.now() }),
  );
  const result = await acceptOrders(orders, run.scene, deps);
  if (result.kind === 'stopped') return { ...nothing, stopped: result.message, halts: true };
  const complaints = [...plan.warnings, ...result.problems].map((note) => complaint(account, note));
  return { ...nothing, complaints, undone: result.problems.length === orders.length };
}

function isMail(one: AccountPlan): one is AccountPlan & { kind: 'mail' } {
  return one.kind === 'mail';
}

function isRecord(one: AccountPlan): one is AccountPlan & { kind: 'record' } {
  return one.kind === 'record';
}

type Password =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'stopped'; readonly message: string };

/** Of this very version: a password that changed meanwhile makes a mail of its own. */
async function readPassword({ namespace, name, resourceVersion }: Account, { store }: PolicyDeps): Promise<Password> {
  const stopped = (why: string): Password => ({ kind: 'stopped', message: `Secret "${name}" ${why}.` });
  const found = await store.readAccountSecret({ namespace, name });
  switch (found.kind) {
    case 'missing':
      return stopped('is gone since it was listed; it is looked for again');
    case 'denied':
      return stopped(
        `cannot be read: the operator may not ${found.verb} ${found.resource} in namespace ${found.namespace}`,
      );
    case 'unavailable':
      return stopped(`cannot be read: ${found.message}`);
    case 'found': {
      if (found.object.resourceVersion !== resourceVersion)
        return stopped('has changed since it was listed; it is looked at again');
      const text = textValue(found.object, 'password', { kind: 'Secret', name, fieldPath: '' });
      return isUnusable(text) ? stopped('has no password that can be read') : { kind: 'password', password: text.text };
    }
  }
}

interface OrderFacts {
  readonly account: Account;
  readonly password: string;
  readonly run: CredentialsRun;
  readonly now: number;
}

function orderOf(mail: CredentialsMail, { account, password, run, now }: OrderFacts): MailOrder {
  const { rule, scene, template } = run;
  const { identity } = mail;
  const timeZone = account.timeZone ?? 'UTC';
  const data = credentialsData({
    account,
    password,
    passwordMode: rule.password,
    trigger: mail.trigger,
    part: identity.part,
    accountTold: rule.notify.account,
    recipientRole: roleOf[mail.role],
    senderName: scene.sender.from.name,
    timeZone,
  });
  return {
    id: mail.id,
    identity,
    kind: identity.part === 'Password' ? 'password' : 'credentials',
    template,
    data,
    locale: account.locale,
    timeZone,
    confidential: mail.confidential,
    secrets: [password, account.oneTimeLink].filter((secret) => secret !== undefined),
    seen: mail.seen,
    deliverBy: now + (parseDuration(scene.spec.deliverWithin.credentials) ?? 0),
    rememberUntil: undefined,
  };
}

const roleOf = { Account: 'account', Sponsor: 'sponsor', Address: 'address' } as const;

/** A password goes only through a relay that is encrypted and verified. */
function encryptionMissing({ rule, fieldPath, scene }: CredentialsRun): RuleOutcome['blocked'] {
  if (rule.password !== 'Include' && rule.password !== 'SeparateMail') return undefined;
  if (scene.redirectTo) return undefined;
  if (scene.relays.some(({ relay }) => ['StartTls', 'Implicit'].includes(relay.spec.tls.mode))) return undefined;
  const message = `${fieldPath}.password: ${rule.password} mails passwords, and no relay of the policy has spec.tls.mode StartTls or Implicit; nothing is sent by this rule. Encrypt a relay, or use Link or Omit`;
  return { type: 'RelayReady', status: 'False', reason: 'EncryptionRequired', message };
}

function whyUnseen({ scene }: CredentialsRun, { store }: PolicyDeps): string | undefined {
  return store.whyUnseen('accounts', scene.key.namespace);
}

function complaint({ namespace, name }: Account, note: string): Complaint {
  return { namespace, name, reason: 'AccountInvalid', note };
}

function mailsOf({ accounts }: CredentialsPlan): number {
  return accounts.reduce((sum, one) => sum + (one.kind === 'mail' ? one.mails.length : 0), 0);
}

function batches<One>(all: readonly One[], size: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
