// What the built-in mails say, in every language.
import { describe, expect, test } from 'vitest';
import {
  builtinLanguage,
  builtinLanguages,
  builtinSource,
  variablesOf,
} from '../../../src/mail/builtin/builtin-template.ts';
import { credentialsData, digestData } from '../../../src/mail/builtin/mail-data.ts';
import { compileTemplate } from '../../../src/mail/template/compile-template.ts';
import { jane, renderSample, type SampleMail, sampleMails } from './sample-mails.ts';

const kinds = ['credentials', 'password', 'reminder', 'digest', 'alarm', 'alarmDigest', 'heldBack'] as const;

describe.each(builtinLanguages)('in language %s', (language) => {
  test.each(kinds)('%s is a template without faults', (kind) => {
    expect(compileTemplate(builtinSource(kind, language), variablesOf[kind])).toMatchObject({ kind: 'ok' });
  });

  test('the credentials come in their order', () => {
    const { text } = render('credentials', language);
    const shown = (text ?? '').split('\n').flatMap((line) => /^[^:,]+: (.+)$/.exec(line)?.[1] ?? []);
    const date = /^\p{L}+, \d+\.? \p{L}+ 2026, (09|18):00 \(Europe\/Berlin, UTC\+1\)$/u;
    expect(text).toMatch(/^(Hello|Guten Tag) Jane,\n/);
    expect(shown).toEqual([
      ...['jane.doe', 'q7#Vd  l1I|0O-x9', 'Jane', 'Doe', '+49 151 23456789'],
      ...[expect.stringMatching(date), expect.stringMatching(date), 'Alex Host', 'Project meeting'],
    ]);
  });

  test('a missing mobile number is shown as missing, other rows are left out', () => {
    const { text } = render('credentials-minimal', language);
    expect(text).toMatch(/^(Mobile number: NA|Mobilnummer: k\. A\.)$/m);
    expect(text).not.toMatch(/First name|Vorname|Valid|Gültig/);
  });
});

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE_ch', 'de'],
  ['en-GB', 'en'],
  ['fr', 'en'],
  [undefined, 'en'],
])('locale %s reads %s', (locale, language) => {
  expect(builtinLanguage(locale)).toBe(language);
});

describe('the password', () => {
  const password = 'q7#Vd  l1I|0O-x9';
  const bare = sampleMails.filter(({ name }) => /^(credentials-(link|separate|omit)|reminder|digest)/.test(name));
  test.each(bare.map(({ name }) => [name]))('is not in %s', (name) => {
    const { subject, text, html } = render(name);
    expect(subject + text + html).not.toContain(password);
  });
  test('is alone in the second mail, without the user name', () => {
    const { text, html } = render('password');
    expect(text).toContain(password);
    expect(`${text}${html}`).not.toContain('jane.doe');
  });
  test('is in no subject', () => {
    for (const sample of sampleMails) expect(renderSample(sample).subject).not.toContain(password);
  });
  test.each(['Omit', 'Link', 'SeparateMail'] as const)(
    'does not even reach the template with password %s',
    (passwordMode) => {
      expect(data({ passwordMode }).password).toBeNull();
    },
  );
});

test.each([
  ['http://portal.example.com/x', null],
  ['javascript:alert(1)', null],
  ['https://portal.example.com/a b', null],
  ['portal.example.com', null],
  ['https://portal.example.com/x', 'https://portal.example.com/x'],
])('of the link %s the mail shows %s', (oneTimeLink, shown) => {
  expect(data({ passwordMode: 'Link', account: { ...jane, oneTimeLink } }).oneTimeLink).toBe(shown);
});

test('the sponsor is told the same, and whether the account was told', () => {
  expect(render('credentials-sponsor').text).toContain('The same details were sent to jane.doe@example.com.');
  expect(render('credentials-sponsor-alone').text).toContain('Nothing was sent to Jane Doe');
  expect(render('credentials-sponsor').subject).toBe('Log-in details of Jane Doe');
});

test.each([
  ['reminder-account', 'Your account ends in 7 days'],
  ['reminder-account-ended', 'Your account has ended'],
  ['reminder-account-sponsor', 'Account jane.doe ends in 7 days'],
  ['reminder-password', 'Your password expires tomorrow'],
  ['reminder-password-admin', 'Your password expires today'],
  ['reminder-certificate', 'Certificate shop/shop-tls expires in 14 days'],
  ['reminder-relay', 'The certificate of mail relay shop/shop-tls expires in 14 days'],
  ['reminder-account-de', 'Ihr Konto endet in 7 Tagen'],
  ['reminder-password-ended-de', 'Ihr Passwort ist abgelaufen'],
  ['reminder-certificate-de', 'Zertifikat shop/shop-tls läuft in 14 Tagen ab'],
])('%s has the subject %s', (name, subject) => {
  expect(render(name).subject).toBe(subject);
});

test('a digest of thousands shows the soonest and counts the rest', () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => ({
    ...({
      subjectKind: 'AccountEnd',
      name: `guest-${index}`,
      namespace: 'guests',
      description: `guest.${index}`,
    } as const),
    ...{ end: Date.UTC(2026, 11, 1) - index * 1000, daysLeft: 7, ended: false },
  }));
  const mail = renderSample({
    ...{ name: '', kind: 'digest', locale: 'en', picture: false },
    data: digestData({
      rows,
      ruleName: 'r',
      policyName: 'p',
      runAt: 0,
      recipientRole: 'address',
      senderName: undefined,
      timeZone: 'UTC',
    }),
  });
  expect(mail.text).toContain('And 4950 more.');
  expect(mail.text?.indexOf('guest.4999')).toBeLessThan(mail.text?.indexOf('guest.4960') ?? 0);
  expect(mail.text).not.toContain('guest.100\n');
  // Gmail cuts a mail off beyond.
  expect(mail.html?.length).toBeLessThan(102 * 1024);
});

function data(change: object) {
  return credentialsData({
    ...{
      account: jane,
      password: 'secret',
      passwordMode: 'Include',
      trigger: 'AccountCreated',
      part: 'Main',
      accountTold: true,
    },
    ...{ recipientRole: 'account', senderName: undefined, timeZone: 'UTC' },
    ...change,
  });
}

function render(name: string, locale?: string) {
  const sample: SampleMail | undefined = sampleMails.find((candidate) => candidate.name === name);
  if (!sample) throw new Error(`there is no sample ${name}`);
  return renderSample(locale ? { ...sample, locale } : sample);
}
