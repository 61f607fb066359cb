// `relaykeeper explain --to ADDRESS`: what an address was told and will be told, gathered from all that knows of it.
import { timestamp } from '../api/conditions.ts';
import { parseAddress } from '../api/mail-address.ts';
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { Ledger } from '../mail/ledger.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import type { AlarmJournal } from '../policies/alarms/alarm-journal.ts';
import { createRelayBook, type RelayBook } from '../policies/relay-book.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import { alarmJournal } from './alarms/rule-views.ts';
import { explainAlarms } from './explain-alarms.ts';
import type { ExplainFlags } from './explain-command.ts';
import { explainCredentials } from './explain-credentials.ts';
import { createFates, type Fates } from './explain-fates.ts';
import { explainReminders } from './explain-reminders.ts';
import type { ExplainedMail } from './explained-mail.ts';
import { exitCodes, type Io } from './io.ts';
import { openOutboxAccess } from './outbox-access.ts';
import { type PolicySources, policyKeys, withPolicySources } from './policy-sources.ts';
import { lookAtPolicy } from './policy-standing.ts';
import { recipientOf } from './recipient-of.ts';
import { textTable } from './text-table.ts';
import { createToldProblems, type ToldProblems } from './told-problems.ts';

export interface Explaining {
  readonly sources: PolicySources;
  readonly book: RelayBook;
  readonly ledger: Ledger;
  /** Of alarms; read when it is first asked for. */
  readonly journal: () => Promise<AlarmJournal>;
  readonly fates: Fates;
  /** As identities have it. */
  readonly address: string;
  readonly isSame: (text: string) => boolean;
  readonly now: number;
  readonly within: number;
}

export interface ExplainedPolicy {
  readonly key: Key;
  readonly stored: StoredPolicy;
  readonly spec: NotificationPolicySpec;
}

export async function explain(flags: ExplainFlags, io: Io): Promise<number> {
  const address = recipientOf(flags);
  const problems = createToldProblems();
  const entries = await outboxEntries(flags, { io, problems });
  const mails = await withPolicySources(flags, { io, problems }, (sources) =>
    mailsTo(address, { flags, entries, sources, problems }),
  );
  io.stdout.write(flags.output === 'json' ? json(address, mails) : text(address, mails, flags));
  const told = mails.length > 0 && mails.every(({ outcome }) => ['Sent', 'Waiting', 'Upcoming'].includes(outcome));
  return told ? exitCodes.succeeded : exitCodes.failed;
}

async function outboxEntries(
  flags: ExplainFlags,
  deps: { io: Io; problems: ToldProblems },
): Promise<readonly OutboxEntry[]> {
  const outbox = await openOutboxAccess(flags, deps);
  const entries = await outbox.list();
  await outbox.close();
  return entries;
}

interface Gathering {
  readonly flags: ExplainFlags;
  readonly entries: readonly OutboxEntry[];
  readonly sources: PolicySources;
  readonly problems: ToldProblems;
}

async function mailsTo(address: string, { flags, entries, sources, problems }: Gathering): Promise<ExplainedMail[]> {
  const now = Date.now();
  const policies = policyKeys(sources, flags).flatMap((key) => sources.store.getPolicy(key) ?? []);
  const ledger = await sources.ledger();
  const isLookedAt = ({ namespace }: Key) => flags.namespace === undefined || namespace === flags.namespace;
  const hers = entries.filter(({ identity }) => identity.recipient === address && isLookedAt(identity.policy));
  const deliveries = (await sources.deliveries(now - flags.within)).filter(({ identity }) =>
    isLookedAt(identity.policy),
  );
  const fates = createFates({ address, entries: hers, deliveries, policies, ledger });
  const book = createRelayBook(sources.relays, Date.now);
  const isSame = (other: string) => {
    const parsed = parseAddress(other);
    return parsed.kind === 'address' && parsed.text === address;
  };
  const journal = once(() => alarmJournal(sources.alarms.journal));
  const explaining = { sources, journal, book, ledger, fates, address, isSame, now, within: flags.within };
  const planned: ExplainedMail[] = [];
  for (const stored of policies) planned.push(...(await ofPolicy(stored, explaining, problems)));
  const known = new Set(planned.map(({ id }) => id));
  const others = fates.hers.filter(({ id }) => !known.has(id));
  const isNear = ({ time }: ExplainedMail) => time === undefined || Math.abs(time - now) <= flags.within;
  return [...planned, ...others].filter(isNear).toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0));
}

async function ofPolicy(
  stored: StoredPolicy,
  explaining: Explaining,
  problems: ToldProblems,
): Promise<ExplainedMail[]> {
  const key = { namespace: stored.metadata.namespace, name: stored.metadata.name };
  const look = lookAtPolicy(stored);
  if (look.kind === 'invalid') {
    const message = `NotificationPolicy ${keyText(key)} is not valid and sends nothing: ${look.message}`;
    problems.note({ subject: keyText(key), message });
    return [];
  }
  const policy = { key, stored, spec: look.spec };
  const mails: ExplainedMail[] = [];
  for (const rule of look.spec.credentials ?? []) mails.push(...(await explainCredentials(rule, policy, explaining)));
  for (const rule of look.spec.reminders ?? []) mails.push(...(await explainReminders(rule, policy, explaining)));
  for (const rule of look.spec.alarms ?? []) mails.push(...(await explainAlarms(rule, policy, explaining)));
  return mails;
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function json(address: string, mails: readonly ExplainedMail[]): string {
  const shown = mails.map(({ time, policy, rule, about, outcome, detail, id }) => ({
    time: time === undefined ? null : timestamp(time),
    policy: keyText(policy),
    rule,
    about,
    outcome,
    detail: detail === '' ? null : detail,
    id: id ?? null,
  }));
  return `${JSON.stringify({ to: address, mails: shown }, null, 2)}\n`;
}

function text(address: string, mails: readonly ExplainedMail[], { within }: ExplainFlags): string {
  const days = Math.round(within / 86_400_000);
  if (mails.length === 0) {
    return `${address}: no mail is known of the last ${days} days, and none will be due in the next ${days}: no rule tells this address of anything.\n`;
  }
  return textTable(
    ['TIME', 'POLICY', 'RULE', 'ABOUT', 'OUTCOME', 'DETAIL'],
    mails.map(({ time, policy, rule, about, outcome, detail }) => [
      time === undefined ? '-' : timestamp(time),
      keyText(policy),
      rule,
      about,
      outcome,
      detail,
    ]),
  );
}
