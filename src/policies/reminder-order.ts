// A reminder or a digest as an order for a mail, with what is known of its subject.
import type { Account } from '../api/account.ts';
import { accountLabel } from '../api/account.ts';
import type { ReminderRule } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import { keyText } from '../api/resource.ts';
import {
  type CertificateNames,
  digestData,
  type Ending,
  reminderData,
  type SubjectKind,
} from '../mail/builtin/mail-data.ts';
import type { Due } from '../reminders/due-step.ts';
import type { DigestReminder, Reminder, SingleReminder } from '../reminders/plan-run.ts';
import type { Subject } from '../reminders/subject.ts';
import type { CertificateFind } from './find-certificates.ts';
import type { MailOrder } from './make-message.ts';
import type { PolicyScene } from './read-policy.ts';
import type { KnownRelay } from './relay-book.ts';
import type { TemplateFor } from './rule-templates.ts';

export interface ReminderFacts {
  readonly scene: PolicyScene;
  readonly rule: ReminderRule;
  readonly template: TemplateFor;
  /** The run's scheduled instant. */
  readonly run: number;
  readonly account: (key: Key) => Account | undefined;
  readonly relay: (key: Key) => KnownRelay | undefined;
  readonly certificate: CertificateFind;
}

export function reminderOrder(reminder: Reminder, facts: ReminderFacts): MailOrder {
  const { id, identity, deliverBy, rememberUntil, seen } = reminder;
  const common = { id, identity, deliverBy, rememberUntil, seen, confidential: false, secrets: [] };
  return {
    ...common,
    template: facts.template,
    ...(reminder.kind === 'Single' ? single(reminder, facts) : digest(reminder, facts)),
  };
}

type Written = Pick<MailOrder, 'kind' | 'tells' | 'data' | 'locale' | 'timeZone'>;

function single({ subject, due, role }: SingleReminder, facts: ReminderFacts): Written {
  const { rule, scene } = facts;
  const account = rule.subjects.accounts && facts.account(subject.key);
  const relay = rule.subjects.relays && facts.relay(subject.key);
  const timeZone = account?.timeZone ?? rule.timeZone;
  const data = reminderData({
    ending: endingOf(subject, due, rule),
    account: account && { account, kind: account.labels[accountLabel] ?? '' },
    certificate: certificateOf(subject.key, facts),
    resourceKind: rule.subjects.resources?.kind,
    relayEndpoint: relay?.stored.status?.effective?.endpoint,
    recipientRole: roleOf[role],
    senderName: scene.sender.from.name,
    timeZone,
  });
  return { kind: 'reminder', data, locale: account?.locale, timeZone };
}

/** Of a TLS Secret as it is now, of a relay as it was last seen. */
function certificateOf(key: Key, { rule, relay, certificate }: ReminderFacts): CertificateNames | undefined {
  if (rule.subjects.certificates) {
    const found = certificate(key);
    return found && { subject: found.subject, issuer: found.issuer, dnsNames: found.names };
  }
  const tls = rule.subjects.relays && relay(key)?.stored.status?.lastProbe?.tls;
  return tls && { subject: tls.subject ?? '', issuer: tls.issuer ?? '', dnsNames: tls.names ?? [] };
}

function digest({ rows, tells, more, role }: DigestReminder, facts: ReminderFacts): Written {
  const { rule, scene, run } = facts;
  const data = digestData({
    rows: rows.map(({ subject, due }) => ({
      ...endingOf(subject, due, rule),
      description: description(subject, facts),
    })),
    ruleName: rule.name,
    policyName: scene.key.name,
    runAt: run,
    recipientRole: roleOf[role],
    senderName: scene.sender.from.name,
    timeZone: rule.timeZone,
  });
  return {
    kind: 'digest',
    tells,
    data: { ...data, total: rows.length + more },
    locale: undefined,
    timeZone: rule.timeZone,
  };
}

function endingOf({ key, end }: Subject, { daysLeft, step }: Due, rule: ReminderRule): Ending {
  return { subjectKind: subjectKind(rule), ...key, end, daysLeft, ended: step === 'After' };
}

function subjectKind({ subjects: { accounts, certificates, resources } }: ReminderRule): SubjectKind {
  if (accounts) return accounts.expiry;
  if (certificates) return 'Certificate';
  return resources ? 'Resource' : 'RelayCertificate';
}

function description({ key }: Subject, facts: ReminderFacts): string {
  const { rule, account, relay } = facts;
  const { accounts, certificates, resources, relays } = rule.subjects;
  if (accounts) return account(key)?.username ?? key.name;
  if (resources) return `${resources.kind} ${key.name}`;
  if (certificates) return certificateWords(certificateOf(key, facts)) ?? keyText(key);
  return (relays && relay(key)?.stored.status?.effective?.endpoint) ?? keyText(key);
}

function certificateWords(certificate: CertificateNames | undefined): string | undefined {
  return certificate?.dnsNames.join(', ') || certificate?.subject || undefined;
}

const roleOf = { Account: 'account', Sponsor: 'sponsor', Address: 'address' } as const;
