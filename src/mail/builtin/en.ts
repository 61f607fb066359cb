// The built-in mails in English.
import { type Block, type Design, note, paragraph, steps, when } from './design.ts';
import { accountDetails, certificateDetails, type DetailLabels, name } from './details.ts';

const labels: DetailLabels = {
  username: 'User name',
  password: 'Password',
  firstName: 'First name',
  lastName: 'Last name',
  mobileNumber: 'Mobile number',
  notGiven: 'NA',
  validFrom: 'Valid from',
  validTo: 'Valid to',
  personBeingVisited: 'Person being visited',
  reasonForVisit: 'Reason for visit',
  namespace: 'Namespace',
  secret: 'Secret',
  relay: 'Relay',
  endpoint: 'Server',
  certificateSubject: 'Issued to',
  dnsNames: 'Names',
  issuer: 'Issuer',
  expires: 'Expires',
  name: 'Name',
};

const footer = 'Sent automatically{% if senderName %} by {{ senderName }}{% endif %}.';
const helloAccount = 'Hello {{ firstName | default: username }},';
const toAccount = 'recipientRole == "account"';
const toOthers = 'recipientRole != "account"';

export const credentials: Design = {
  language: 'en',
  subject: `{% if ${toOthers} %}{% if trigger == "PasswordReset" %}New log-in details{% else %}Log-in details{% endif %} of ${name}{% elsif trigger == "PasswordReset" %}Your new log-in details{% else %}Your log-in details{% endif %}`,
  heading: `{% if ${toOthers} %}${name}{% elsif trigger == "PasswordReset" %}Your password was changed{% else %}Your log-in details{% endif %}`,
  blocks: [
    when(
      toAccount,
      paragraph(helloAccount),
      when(
        'trigger == "PasswordReset"',
        paragraph('Your password was changed. The old one no longer works; these are the details that do.'),
      ),
      when(
        'trigger != "PasswordReset"',
        paragraph('An account was created for you. With these details you can log in.'),
      ),
    ),
    when(
      toOthers,
      paragraph('Hello,'),
      when(
        'trigger == "PasswordReset"',
        paragraph(`The password of ${name} was changed. These are the details that work now.`),
      ),
      when(
        'trigger != "PasswordReset"',
        paragraph(`An account was created for ${name}. These are the log-in details.`),
      ),
    ),
    accountDetails(labels),
    when('passwordMode == "SeparateMail"', paragraph('The password follows in a second mail.')),
    when(
      'passwordMode == "Omit"',
      paragraph('The password is not sent by mail; it reaches its holder in another way.'),
    ),
    when(
      'passwordMode == "Link" and oneTimeLink',
      paragraph('The password is behind this link. It opens once, so have somewhere safe to keep the password.'),
      {
        kind: 'button',
        label: 'Show the password',
        url: 'oneTimeLink',
        fallback: 'If the button does not work, copy this address into your browser:',
      },
    ),
    when(
      `trigger == "PasswordReset" and ${toAccount}`,
      steps(
        'Log in with the new password wherever you used the old one.',
        'If you are asked to choose a password of your own, do so at once, and use it nowhere else.',
        'If nobody you know of asked for this change, tell your administrator or your sponsor now.',
      ),
    ),
    when(
      `passwordMode == "Include" and ${toAccount}`,
      note('Keep this mail to yourself, and delete it once you have stored the password safely.'),
    ),
    when(
      toOthers,
      when('accountTold', note('The same details were sent to {{ email }}.')),
      when('accountTold == false', note(`Nothing was sent to ${name}; please pass the details on safely.`)),
    ),
  ],
  footer,
};

export const password: Design = {
  language: 'en',
  subject: `{% if ${toOthers} %}Second part of the log-in details of ${name}{% else %}Second part of your log-in details{% endif %}`,
  heading: `{% if ${toOthers} %}The password of ${name}{% else %}Your password{% endif %}`,
  blocks: [
    when(toAccount, paragraph(helloAccount)),
    when(toOthers, paragraph('Hello,')),
    paragraph('This password belongs to the user name in the mail that was sent just before.'),
    { kind: 'details', rows: [{ label: labels.password, value: 'password', code: true }] },
    note('Keep this mail to yourself, and delete it once the password is stored safely.'),
  ],
  footer,
};

/** `ends in 7 days`, `ends today`, `has ended`. */
function whenItEnds(ends: string, ended: string): string {
  return `{% if ended %}${ended}{% elsif daysLeft == 0 %}${ends} today{% elsif daysLeft == 1 %}${ends} tomorrow{% else %}${ends} in {{ daysLeft }} days{% endif %}`;
}

const object = '{{ subjectNamespace }}/{{ subjectName }}';
const reminderSubject = `{% case subjectKind %}{% when "AccountEnd" %}{% if ${toAccount} %}Your account{% else %}Account {{ username }}{% endif %} ${whenItEnds('ends', 'has ended')}{% when "PasswordEnd" %}{% if ${toAccount} %}Your password{% else %}The password of {{ username }}{% endif %} ${whenItEnds('expires', 'has expired')}{% when "Certificate" %}Certificate ${object} ${whenItEnds('expires', 'has expired')}{% when "RelayCertificate" %}The certificate of mail relay ${object} ${whenItEnds('expires', 'has expired')}{% else %}{{ resourceKind }} ${object} ${whenItEnds('expires', 'has expired')}{% endcase %}`;

export const reminder: Design = {
  language: 'en',
  subject: reminderSubject,
  heading: reminderSubject,
  blocks: [
    when('subjectKind == "AccountEnd"', ...accountEnd()),
    when('subjectKind == "PasswordEnd"', ...passwordEnd()),
    ...certificateDetails(labels),
    ...otherAdvice(),
  ],
  footer,
};

function accountEnd(): Block[] {
  return [
    when(toAccount, paragraph(helloAccount)),
    when('ended == false', paragraph('On this day the account ends:')),
    when('ended', paragraph('On this day the account ended:')),
    {
      kind: 'details',
      rows: [
        { label: labels.username, value: 'username', code: true },
        { label: labels.validTo, value: 'expiresAt' },
      ],
    },
    when(
      'ended == false and accountKind == "guest"',
      paragraph(
        'Before then, save what you still need. If you stay longer, let your sponsor{% if sponsorEmail %} ({{ sponsorEmail }}){% endif %} extend the account; extended, it keeps its user name and password.',
      ),
    ),
    when(
      'ended == false and accountKind != "guest"',
      paragraph(
        'Before then, hand over what others need, and if the account must live longer, ask an administrator to extend it.',
      ),
    ),
    when(
      'ended and accountKind == "guest"',
      paragraph(
        'Logging in is no longer possible. If access is still needed, ask your sponsor{% if sponsorEmail %} ({{ sponsorEmail }}){% endif %} for a new account.',
      ),
    ),
    when(
      'ended and accountKind != "guest"',
      paragraph(
        'Logging in is no longer possible. If access is still needed, ask an administrator to extend the account.',
      ),
    ),
  ];
}

function passwordEnd(): Block[] {
  return [
    when(toAccount, paragraph(helloAccount)),
    when('ended == false', paragraph('On this day the password expires:')),
    when('ended', paragraph('On this day the password expired:')),
    {
      kind: 'details',
      rows: [
        { label: labels.username, value: 'username', code: true },
        { label: labels.expires, value: 'expiresAt' },
      ],
    },
    when(
      'ended == false',
      steps(
        'Change the password before then; afterwards logging in is no longer possible.',
        'Use a new one that you use nowhere else.',
        'Put it in everywhere the old one is saved: phone, mail program, network.',
      ),
      when(
        'accountKind == "admin"',
        paragraph(
          'This is an administrator account: also change scripts, backups and services that log in with it, and make sure that a second administrator can get in.',
        ),
      ),
    ),
    when(
      'ended',
      when('accountKind == "admin"', paragraph('Ask another administrator to set a new password.')),
      when(
        'accountKind != "admin"',
        paragraph('Ask an administrator to set a new password; you are told when that is done.'),
      ),
    ),
  ];
}

function otherAdvice(): Block[] {
  return [
    when(
      'subjectKind == "Certificate"',
      paragraph(
        'Renew the certificate and put it, with its key, into this Secret. If cert-manager should have renewed it by now, look at the Certificate that names this Secret: kubectl describe certificate -n {{ subjectNamespace }}',
      ),
    ),
    when(
      'subjectKind == "RelayCertificate"',
      paragraph(
        'Whoever runs this mail server must renew its certificate. Once it has expired, no mail goes out through this relay.',
      ),
    ),
    when('subjectKind == "Resource"', paragraph('Renew it before then, or delete it if nobody needs it any more.')),
  ];
}

export const digest: Design = {
  language: 'en',
  subject:
    '{{ total }} {% if total == 1 %}item ends soon or has ended{% else %}items end soon or have ended{% endif %} ({{ ruleName }})',
  heading:
    '{{ total }} {% if total == 1 %}item ends soon or has ended{% else %}items end soon or have ended{% endif %}',
  blocks: [
    paragraph('These are due by rule {{ ruleName }} of policy {{ policyName }}.'),
    {
      kind: 'table',
      list: 'rows',
      columns: [
        {
          heading: 'What',
          value:
            '{% case row.subjectKind %}{% when "AccountEnd" %}Account{% when "PasswordEnd" %}Password{% when "Certificate" %}Certificate{% when "RelayCertificate" %}Relay certificate{% else %}Resource{% endcase %} {{ row.description | default: row.name | truncate: 120 }}',
          below: '{{ row.namespace }}/{{ row.name }}',
        },
        {
          heading: 'Ends',
          value: '{{ row.expiresAt | date: "%e %b %Y" }}',
          below: '{{ row.expiresAt | date: "%H:%M" }}',
          short: true,
        },
        {
          heading: 'Days left',
          value: '{% if row.ended %}ended{% else %}{{ row.daysLeft }}{% endif %}',
          numeric: true,
        },
      ],
    },
    when('total > rows.size', note('And {{ total | minus: rows.size }} more.')),
    note('Times are in the zone {{ timeZone }}.'),
  ],
  footer,
};
