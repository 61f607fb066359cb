// The credentials mails that an address gets by a rule, and what became of each.
import type { Account } from '../api/account.ts';
import type { CredentialsRule } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import { keyText } from '../api/resource.ts';
import { credentialsMails } from '../credentials/credentials-mails.ts';
import { decideCredentials } from '../credentials/decide.ts';
import { ruleAccounts } from '../policies/rule-accounts.ts';
import type { ExplainedPolicy, Explaining } from './explain.ts';
import { aboutText, type ExplainedMail } from './explained-mail.ts';
import { encryptionMissing, heldText, ruleStatus, sentence, whyNothingIsSent } from './policy-standing.ts';

export async function explainCredentials(
  rule: CredentialsRule,
  policy: ExplainedPolicy,
  explaining: Explaining,
): Promise<ExplainedMail[]> {
  const { sources } = explaining;
  const { usable, unusable } = ruleAccounts(sources.store, policy.key.namespace, rule.selector);
  const mails = usable.flatMap((account) => accountMails(account, { rule, policy, explaining }));
  const invalid: ExplainedMail[] = [];
  for (const one of unusable.slice(0, mostUnusable)) {
    if (await belongsTo(one, explaining)) {
      invalid.push({ ...nameOf(rule, policy), ...notSent(one.note), about: keyText(one), id: undefined });
    }
  }
  return [...mails, ...invalid];
}

/** Each is a read. */
const mostUnusable = 200;

interface Case {
  readonly rule: CredentialsRule;
  readonly policy: ExplainedPolicy;
  readonly explaining: Explaining;
}

function accountMails(account: Account, { rule, policy, explaining }: Case): ExplainedMail[] {
  const { fates, address } = explaining;
  const made = credentialsMails({ account, trigger: 'AccountCreated', policy: policy.key, rule });
  const about = keyText(account);
  if (made.kind === 'invalid') {
    const isHers = [account.email, account.sponsorEmail].some((text) => text !== undefined && explaining.isSame(text));
    return isHers ? [{ ...nameOf(rule, policy), ...notSent(made.problem), about, id: undefined }] : [];
  }
  return made.mails
    .filter(({ identity }) => identity.recipient === address)
    .map(({ id, identity }) => {
      const fate = fates.of(id) ?? notSent(whyNot(account, { rule, policy, explaining }));
      return { ...nameOf(rule, policy), ...fate, about: aboutText(identity), id };
    });
}

function whyNot(account: Account, { rule, policy, explaining: { ledger } }: Case): string {
  const { stored, spec, key } = policy;
  const status = ruleStatus(stored, { kind: 'Credentials', name: rule.name });
  const nothing = whyNothingIsSent(stored, spec);
  // Nobody has judged the account by the rule yet.
  if (status?.since === undefined && nothing !== undefined) return `It waits. ${nothing}`;
  const since = status?.since === undefined ? Date.now() : Date.parse(status.since);
  const facts = { policy: key, rule, since, sent: ledger.has };
  const [plan] = decideCredentials({ ...facts, accounts: [account] }).accounts;
  if (plan?.kind === 'invalid') return plan.problem;
  if (plan?.kind !== 'mail') return whyRecorded(account, rule, since);
  const encryption = mailsPasswords(rule) ? encryptionMissing(stored) : undefined;
  return nothing ?? encryption ?? heldText(status) ?? 'It is due now; the operator has not made it yet. Does it run?';
}

function whyRecorded({ createdAt }: Account, { backfill, triggers }: CredentialsRule, since: number): string {
  if (!backfill && createdAt < Math.floor(since / 1000) * 1000)
    return 'Only recorded: the account is older than the rule (backfill: false).';
  if (triggers.length < 2) return `Only recorded: the rule tells of nothing but ${triggers.join()} (triggers).`;
  return 'Recorded as told: the address came later than the mail, or the mail left the outbox unsent more than a week ago.';
}

function mailsPasswords({ password }: CredentialsRule): boolean {
  return password === 'Include' || password === 'SeparateMail';
}

function notSent(why: string): Pick<ExplainedMail, 'time' | 'outcome' | 'detail'> {
  return { time: undefined, outcome: 'NotSent', detail: sentence(why) };
}

function nameOf({ name }: CredentialsRule, { key }: ExplainedPolicy): Pick<ExplainedMail, 'policy' | 'rule'> {
  return { policy: key, rule: name };
}

/** What is wrong with an account may be anything but its address. */
async function belongsTo(account: Key, { sources, isSame }: Explaining): Promise<boolean> {
  const read = await sources.store.readAccountSecret({ namespace: account.namespace, name: account.name });
  const email = read.kind === 'found' ? read.object.data.get('email') : undefined;
  return email !== undefined && isSame(email.toString('utf8').trim());
}
