// What a mail is about, as the variables of its template.
import type { Account } from '../../api/account.ts';
import type { TemplateData } from '../template/variable-table.ts';

export type RecipientRole = 'account' | 'sponsor' | 'address';
export type PasswordMode = 'Include' | 'SeparateMail' | 'Omit' | 'Link';
export type SubjectKind = 'AccountEnd' | 'PasswordEnd' | 'Certificate' | 'Resource' | 'RelayCertificate';

interface AnyMail {
  readonly recipientRole: RecipientRole;
  readonly senderName: string | undefined;
  readonly timeZone: string;
}

export interface CredentialsMail extends AnyMail {
  readonly account: Account;
  /** Left out of the mail unless `passwordMode` says that it goes in. */
  readonly password: string;
  readonly passwordMode: PasswordMode;
  readonly trigger: 'AccountCreated' | 'PasswordReset';
  readonly part: 'Main' | 'Password';
  /** Whether the account itself is told too. */
  readonly accountTold: boolean;
}

export function credentialsData(mail: CredentialsMail): TemplateData {
  const { account, passwordMode, part } = mail;
  const shown = part === 'Password' ? passwordMode === 'SeparateMail' : passwordMode === 'Include';
  const link = passwordMode === 'Link' && part === 'Main' ? safeLink(account.oneTimeLink) : null;
  return {
    ...accountData(account),
    ...anyData(mail),
    password: shown ? mail.password : null,
    oneTimeLink: link,
    passwordMode,
    trigger: mail.trigger,
    accountTold: mail.accountTold,
  };
}

export interface Ending {
  readonly subjectKind: SubjectKind;
  readonly name: string;
  readonly namespace: string;
  /** Milliseconds since the epoch. */
  readonly end: number;
  /** Calendar days from today to the end, in the rule's zone. */
  readonly daysLeft: number;
  readonly ended: boolean;
}

export interface CertificateNames {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and IP addresses. */
  readonly dnsNames: readonly string[];
}

export interface ReminderMail extends AnyMail {
  readonly ending: Ending;
  /** Of AccountEnd and PasswordEnd. */
  readonly account?: { readonly account: Account; readonly kind: string } | undefined;
  readonly certificate?: CertificateNames | undefined;
  readonly resourceKind?: string | undefined;
  readonly relayEndpoint?: string | undefined;
}

export function reminderData(mail: ReminderMail): TemplateData {
  const { ending, account, certificate } = mail;
  return {
    ...(account ? accountData(account.account) : {}),
    ...anyData(mail),
    accountKind: account?.kind ?? null,
    subjectKind: ending.subjectKind,
    subjectName: ending.name,
    subjectNamespace: ending.namespace,
    expiresAt: new Date(ending.end),
    daysLeft: ending.daysLeft,
    ended: ending.ended,
    certificateSubject: certificate?.subject || null,
    issuer: certificate?.issuer || null,
    dnsNames: certificate ? listed(certificate.dnsNames) || null : null,
    resourceKind: mail.resourceKind ?? null,
    relayEndpoint: mail.relayEndpoint ?? null,
  };
}

export interface DigestRow extends Ending {
  /** A user name, the names of a certificate, a relay's endpoint. */
  readonly description: string;
}

export interface DigestMail extends AnyMail {
  readonly rows: readonly DigestRow[];
  readonly ruleName: string;
  readonly policyName: string;
  /** Milliseconds since the epoch. */
  readonly runAt: number;
}

/** More would be no table that anybody reads, and Gmail cuts a mail off at 102 KiB; the mail says how many there are besides. */
export const digestRows = 50;

export function digestData(mail: DigestMail): TemplateData {
  const soonest = [...mail.rows].sort((a, b) => a.end - b.end).slice(0, digestRows);
  return {
    ...anyData(mail),
    rows: soonest.map(({ end, ...row }) => ({ ...row, expiresAt: new Date(end) })),
    total: mail.rows.length,
    ruleName: mail.ruleName,
    policyName: mail.policyName,
    runAt: new Date(mail.runAt),
  };
}

function anyData({ recipientRole, senderName, timeZone }: AnyMail): TemplateData {
  return { recipientRole, senderName: senderName ?? null, timeZone };
}

function accountData(account: Account): TemplateData {
  const { username, email, firstName, lastName, mobileNumber, sponsorEmail, personBeingVisited, reasonForVisit } =
    account;
  return {
    username,
    email,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    mobileNumber: mobileNumber ?? null,
    sponsorEmail: sponsorEmail ?? null,
    personBeingVisited: personBeingVisited ?? null,
    reasonForVisit: reasonForVisit ?? null,
    validFrom: time(account.validFrom),
    validTo: time(account.validTo),
    passwordExpiresAt: time(account.passwordExpiresAt),
  };
}

function time(at: number | undefined): Date | null {
  return at === undefined ? null : new Date(at);
}

/** A certificate may have a hundred names; the first tell which one it is. */
function listed(names: readonly string[]): string {
  return [...names.slice(0, 20), ...(names.length > 20 ? ['…'] : [])].join(', ');
}

/** A link in a mail is clicked: nothing but https leaves here, whoever wrote it. */
function safeLink(link: string | undefined): string | null {
  return link !== undefined && URL.parse(link)?.protocol === 'https:' && !/\s/.test(link) ? link : null;
}
