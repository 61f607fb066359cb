// The variables of each kind of mail: what they mean, with samples. docs/templates.md and `relaykeeper preview` come from here.
import type { Variable, VariableTable } from './variable-table.ts';

const account: VariableTable = {
  username: variable('The user name.', 'jane.doe'),
  email: variable("The account's address.", 'jane.doe@example.com'),
  firstName: variable('The first name, where known.', 'Jane'),
  lastName: variable('The last name, where known.', 'Doe'),
  mobileNumber: variable('The mobile number, where known.', '+49 151 23456789'),
  validFrom: variable('When the account begins, where that is set.', new Date('2026-11-24T08:00:00Z')),
  validTo: variable('When the account ends, where that is set.', new Date('2026-12-01T17:00:00Z')),
  passwordExpiresAt: variable('When the password ends, where that is set.', new Date('2027-02-22T08:00:00Z')),
  sponsorEmail: variable("The sponsor's address, where known.", 'sam.sponsor@example.com'),
  personBeingVisited: variable('Whom a guest visits, where known.', 'Alex Host'),
  reasonForVisit: variable('Why a guest visits, where known.', 'Project meeting'),
};

export const anyMail: VariableTable = {
  recipientRole: variable('Who is told: account, sponsor or address (one of notify.addresses).', 'account'),
  senderName: variable("The sender's display name, where set.", 'Guest Portal'),
  timeZone: variable('The time zone that times are shown in.', 'Europe/Berlin'),
};

/** Credentials mails: a new account, and a changed password. */
export const credentialsVariables: VariableTable = {
  ...account,
  password: {
    ...variable('The password; empty with password Omit, Link and SeparateMail.', 'correct horse 7'),
    secret: true,
  },
  passwordMode: variable("The rule's password: Include, SeparateMail, Omit or Link.", 'Include'),
  oneTimeLink: {
    ...variable(
      'The link at which the password is shown once; only with password Link.',
      'https://portal.example.com/once/3f9a',
    ),
    secret: true,
  },
  accountTold: variable('Whether the account itself is told too.', true),
  trigger: variable('What made the mail: AccountCreated or PasswordReset.', 'AccountCreated'),
  ...anyMail,
};

const certificateFields: VariableTable = {
  certificateSubject: variable('Whom the certificate was issued to; of certificates alone.', 'CN=www.example.com'),
  issuer: variable('Who issued the certificate; of certificates alone.', 'CN=Example CA'),
  dnsNames: variable(
    'The names of the certificate, separated by commas; of certificates alone.',
    'www.example.com, example.com',
  ),
};

/** Reminders: one subject a mail. */
export const reminderVariables: VariableTable = {
  ...account,
  subjectKind: variable('What ends: AccountEnd, PasswordEnd, Certificate, Resource or RelayCertificate.', 'AccountEnd'),
  accountKind: variable("The account's kind: guest, internal or admin; empty for other subjects.", 'guest'),
  subjectName: variable('The name of the object that ends.', 'jane-doe'),
  subjectNamespace: variable('Its namespace.', 'guests'),
  resourceKind: variable("The object's kind, such as Certificate; of resources alone.", 'Certificate'),
  relayEndpoint: variable(
    'Host and port of the relay that presents the certificate; of relays alone.',
    'mail.example.com:587',
  ),
  ...certificateFields,
  expiresAt: variable('When it ends.', new Date('2026-12-01T17:00:00Z')),
  daysLeft: variable("Calendar days from today to the end, in the rule's time zone; 0 today, negative afterwards.", 7),
  ended: variable('Whether it has ended.', false),
  ...anyMail,
};

const row: VariableTable = {
  subjectKind: variable('As in a reminder.', 'AccountEnd'),
  name: variable('The name of the object that ends.', 'jane-doe'),
  namespace: variable('Its namespace.', 'guests'),
  description: variable('What it is: a user name, the names of a certificate, a relay.', 'jane.doe'),
  expiresAt: variable('When it ends.', new Date('2026-12-01T17:00:00Z')),
  daysLeft: variable('As in a reminder.', 7),
  ended: variable('Whether it has ended.', false),
};

/** Digests: one table a mail. */
export const digestVariables: VariableTable = {
  rows: {
    meaning: 'What ends, the soonest first; a list.',
    fields: row,
    sample: [
      Object.fromEntries(Object.entries(row).map(([name, { sample }]) => [name, sample])),
      {
        ...{ subjectKind: 'Certificate', name: 'www-tls', namespace: 'shop', description: 'www.example.com' },
        ...{ expiresAt: new Date('2026-12-08T12:00:00Z'), daysLeft: 14, ended: false },
      },
    ],
  },
  total: variable('How many there are; more than rows where the list was cut.', 2),
  ruleName: variable('The name of the rule.', 'guest-expiry'),
  policyName: variable('The name of the policy.', 'guests'),
  runAt: variable('When the run was scheduled.', new Date('2026-11-24T07:00:00Z')),
  ...anyMail,
};

export function variable(meaning: string, sample: Variable['sample']): Variable {
  return { meaning, sample };
}
