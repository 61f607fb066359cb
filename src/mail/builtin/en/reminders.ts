// The built-in reminder, in English.
import { type Block, type Design, paragraph, steps, when } from '../design.ts';
import { certificateDetails } from '../details.ts';
import { footer, helloAccount, labels, toAccount } from './words.ts';

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
