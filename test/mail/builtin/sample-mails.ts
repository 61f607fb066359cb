// One of each built-in mail, and those that strain a layout: the golden files and the pictures in docs/ show them.
import type { Account } from '../../../src/api/account.ts';
import { builtinTemplate, type MailKind } from '../../../src/mail/builtin/builtin-template.ts';
import {
  type CredentialsMail,
  credentialsData,
  type DigestRow,
  digestData,
  type ReminderMail,
  reminderData,
} from '../../../src/mail/builtin/mail-data.ts';
import { type RenderedMail, render } from '../../../src/mail/template/render-template.ts';
import type { TemplateData } from '../../../src/mail/template/variable-table.ts';
import { alarmSamples } from './alarm-samples.ts';

export interface SampleMail {
  readonly name: string;
  readonly kind: MailKind;
  readonly locale: string;
  readonly data: TemplateData;
  /** Whether docs/ shows it. */
  readonly picture: boolean;
}

export const jane: Account = {
  namespace: 'guests',
  name: 'jane-doe',
  labels: { 'relaykeeper.dev/account': 'guest' },
  resourceVersion: '1',
  createdAt: Date.UTC(2026, 10, 24, 7),
  username: 'jane.doe',
  email: 'jane.doe@example.com',
  firstName: 'Jane',
  lastName: 'Doe',
  mobileNumber: '+49 151 23456789',
  validFrom: Date.UTC(2026, 10, 24, 8),
  validTo: Date.UTC(2026, 11, 1, 17),
  passwordExpiresAt: Date.UTC(2027, 1, 22, 8),
  sponsorEmail: 'sam.sponsor@example.com',
  personBeingVisited: 'Alex Host',
  reasonForVisit: 'Project meeting',
  locale: undefined,
  timeZone: 'Europe/Berlin',
  oneTimeLink: 'https://portal.example.com/once/3f9a7c51d2e84b60',
  passwordMark: 'mark',
};

const nothingMore = {
  ...{ firstName: undefined, lastName: undefined, mobileNumber: undefined, validFrom: undefined, validTo: undefined },
  ...{ sponsorEmail: undefined, personBeingVisited: undefined, reasonForVisit: undefined },
};

const long = {
  username: `${'very-long-user-name-without-a-space'.repeat(3)}@subdomain.example.com`,
  firstName: 'Maximiliane-Friederike-Charlotte',
  lastName: 'Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle',
  personBeingVisited: 'Dr. Dr. h. c. Konstantin-Alexander von und zu Hohenlohe-Waldenburg-Schillingsfürst',
  reasonForVisit:
    'https://intranet.example.com/visits/2026/11/24/8f14e45fceea167a5a36dedd4bea2543?room=conference&floor=17',
};

const rightToLeft = {
  firstName: 'محمد عبد الرحمن',
  lastName: 'الخطيب',
  personBeingVisited: 'יעל כהן (Building 7)',
  reasonForVisit: 'اجتماع المشروع (Q4) في الطابق 3',
};

const who = { recipientRole: 'account', senderName: 'Guest Portal', timeZone: 'Europe/Berlin' } as const;

const created: CredentialsMail = {
  ...who,
  account: jane,
  password: 'q7#Vd  l1I|0O-x9',
  passwordMode: 'Include',
  trigger: 'AccountCreated',
  part: 'Main',
  accountTold: true,
};

const ends: ReminderMail = {
  ...who,
  account: { account: jane, kind: 'guest' },
  ending: {
    subjectKind: 'AccountEnd',
    name: 'jane-doe',
    namespace: 'guests',
    end: Date.UTC(2026, 11, 1, 17),
    daysLeft: 7,
    ended: false,
  },
};

const certificate = {
  subject: 'O=Example Shop, CN=shop.example.com',
  issuer: 'C=DE, O=Example Trust Services, CN=Example CA 3',
  dnsNames: ['shop.example.com', 'www.shop.example.com', '*.api.shop.example.com'],
};

const others = { ...who, recipientRole: 'address' } as const;

function credentials(name: string, change: Partial<CredentialsMail>, picture = false): SampleMail {
  const [kind, locale = 'en'] = [
    change.part === 'Password' ? 'password' : 'credentials',
    /-(de)$/.exec(name)?.[1],
  ] as const;
  return { name, kind, locale, data: credentialsData({ ...created, ...change }), picture };
}

function reminder(name: string, change: Partial<ReminderMail>, picture = false): SampleMail {
  return {
    name,
    kind: 'reminder',
    locale: /-(de)$/.exec(name)?.[1] ?? 'en',
    data: reminderData({ ...ends, ...change }),
    picture,
  };
}

function object(
  subjectKind: 'Certificate' | 'Resource' | 'RelayCertificate',
  change: Partial<ReminderMail>,
): Partial<ReminderMail> {
  const ending = {
    subjectKind,
    name: 'shop-tls',
    namespace: 'shop',
    end: Date.UTC(2026, 11, 8, 12),
    daysLeft: 14,
    ended: false,
  };
  return { ...others, account: undefined, ending, ...change };
}

const rows: readonly DigestRow[] = [
  { ...ends.ending, description: 'jane.doe' },
  {
    ...ends.ending,
    subjectKind: 'PasswordEnd',
    name: 'long',
    description: long.username,
    daysLeft: 1,
    end: Date.UTC(2026, 10, 25, 12),
  },
  {
    ...ends.ending,
    subjectKind: 'Certificate',
    namespace: 'shop',
    name: 'shop-tls',
    description: certificate.dnsNames.join(', '),
    daysLeft: 14,
    end: Date.UTC(2026, 11, 8, 12),
  },
  {
    ...ends.ending,
    subjectKind: 'RelayCertificate',
    namespace: 'mail',
    name: 'corporate',
    description: 'mail.example.com:587',
    daysLeft: -2,
    ended: true,
    end: Date.UTC(2026, 10, 22, 12),
  },
];

const digest = digestData({
  ...others,
  rows,
  ruleName: 'guest-expiry',
  policyName: 'guests',
  runAt: Date.UTC(2026, 10, 24, 7),
});

export const sampleMails: readonly SampleMail[] = [
  credentials('credentials', {}, true),
  credentials('credentials-de', {}, true),
  credentials('credentials-reset', { trigger: 'PasswordReset' }, true),
  credentials('credentials-reset-de', { trigger: 'PasswordReset' }),
  credentials('credentials-link', { passwordMode: 'Link' }, true),
  credentials('credentials-link-de', { passwordMode: 'Link' }),
  credentials('credentials-separate', { passwordMode: 'SeparateMail' }),
  credentials('credentials-omit', { passwordMode: 'Omit' }),
  credentials('password', { passwordMode: 'SeparateMail', part: 'Password' }),
  credentials('password-de', { passwordMode: 'SeparateMail', part: 'Password' }),
  credentials('credentials-sponsor', { recipientRole: 'sponsor' }),
  credentials('credentials-sponsor-alone', { recipientRole: 'sponsor', accountTold: false }),
  credentials('credentials-minimal', { account: { ...jane, ...nothingMore } }),
  credentials('credentials-long', { account: { ...jane, ...long }, password: 'p<&"'.repeat(32) }),
  credentials('credentials-right-to-left', { account: { ...jane, ...rightToLeft } }, true),
  reminder('reminder-account', {}, true),
  reminder('reminder-account-de', {}),
  reminder('reminder-account-ended', { ending: { ...ends.ending, daysLeft: -1, ended: true } }),
  reminder('reminder-account-sponsor', { recipientRole: 'sponsor' }),
  reminder('reminder-password', {
    account: { account: jane, kind: 'internal' },
    ending: { ...ends.ending, subjectKind: 'PasswordEnd', daysLeft: 1, end: Date.UTC(2026, 10, 25, 12) },
  }),
  reminder(
    'reminder-password-admin',
    {
      account: { account: jane, kind: 'admin' },
      ending: { ...ends.ending, subjectKind: 'PasswordEnd', daysLeft: 0, end: Date.UTC(2026, 10, 24, 17) },
    },
    true,
  ),
  reminder('reminder-password-ended-de', {
    account: { account: jane, kind: 'internal' },
    ending: { ...ends.ending, subjectKind: 'PasswordEnd', daysLeft: -1, ended: true },
  }),
  reminder('reminder-certificate', object('Certificate', { certificate }), true),
  reminder('reminder-certificate-de', object('Certificate', { certificate })),
  reminder(
    'reminder-certificate-no-names',
    object('Certificate', { certificate: { ...certificate, subject: 'CN=printer 3', dnsNames: [] } }),
  ),
  reminder('reminder-resource', object('Resource', { resourceKind: 'Certificate' })),
  reminder('reminder-relay', object('RelayCertificate', { certificate, relayEndpoint: 'mail.example.com:587' })),
  { name: 'digest', kind: 'digest', locale: 'en', data: digest, picture: true },
  { name: 'digest-de', kind: 'digest', locale: 'de', data: digest, picture: false },
  ...alarmSamples(),
];

export function renderSample({ kind, locale, data }: SampleMail): RenderedMail {
  const mail = render(builtinTemplate(kind, locale), data, { locale, timeZone: 'Europe/Berlin' });
  if (mail.kind === 'failed') throw new Error(mail.message);
  return mail;
}
