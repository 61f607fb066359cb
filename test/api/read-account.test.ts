import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAccount } from '../../src/api/read-account.ts';

const canary = 'hunter2-canary';
const minimal = { username: 'anna', password: canary, email: 'anna@example.com' };

describe('readAccount', () => {
  test('reads all that a portal writes, and no password', () => {
    const reading = read({
      ...minimal,
      firstName: 'Anna',
      lastName: 'Öz',
      mobileNumber: '+49 170 1',
      validFrom: '2026-11-24T08:00:00+01:00',
      validTo: '2026-11-30T17:00:00.5Z',
      passwordExpiresAt: '2026-12-01t00:00:00z',
      sponsorEmail: 'sponsor@example.com',
      personBeingVisited: 'Bo',
      reasonForVisit: 'Audit',
      locale: 'de-AT',
      timeZone: 'Europe/Vienna',
      oneTimeLink: 'https://portal.example.com/once/abc',
    });
    expect(reading).toEqual({
      kind: 'account',
      account: {
        namespace: 'mail',
        name: 'guest-anna',
        labels: { a: 'b' },
        resourceVersion: '7',
        createdAt: Date.UTC(2026, 10, 24, 7),
        username: 'anna',
        email: 'anna@example.com',
        firstName: 'Anna',
        lastName: 'Öz',
        mobileNumber: '+49 170 1',
        validFrom: Date.UTC(2026, 10, 24, 7),
        validTo: Date.UTC(2026, 10, 30, 17, 0, 0, 500),
        passwordExpiresAt: Date.UTC(2026, 11, 1),
        sponsorEmail: 'sponsor@example.com',
        personBeingVisited: 'Bo',
        reasonForVisit: 'Audit',
        locale: 'de-AT',
        timeZone: 'Europe/Vienna',
        oneTimeLink: 'https://portal.example.com/once/abc',
        passwordMark: `mark of ${canary.length}`,
      },
    });
  });

  test('takes an empty value for an absent one, and one trailing line break for none', () => {
    const reading = read({ ...minimal, username: 'anna\n', firstName: '', validTo: '\n', password: `${canary}\r\n` });
    expect(reading).toMatchObject({
      kind: 'account',
      account: { username: 'anna', firstName: undefined, validTo: undefined, passwordMark: `mark of ${canary.length}` },
    });
  });

  test.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['no username', { username: '' }, 'Secret "guest-anna" has nothing under its key "username"'],
    ['no password', { password: '' }, 'Secret "guest-anna" has nothing under its key "password"'],
    ['an address without a domain', { email: 'anna' }, 'key "email" holds no e-mail address such as anna@example.com'],
    [
      'an address that could only be written with quotes',
      { email: 'john doe@example.com' },
      'key "email" holds no e-mail address',
    ],
    ['two addresses', { email: 'a@b.example, c@d.example' }, 'key "email" holds no e-mail address'],
    ['a header smuggled into an address', { email: 'a@b.example\r\nBcc: c@d.example' }, 'key "email" has a line break'],
    ['a sponsor without @', { sponsorEmail: 'boss' }, 'key "sponsorEmail" holds no e-mail address'],
    ['a control character in a name', { firstName: 'A\u001b[2J' }, 'key "firstName" has a control character'],
    ['a password of two lines', { password: `${canary}\n${canary}` }, 'key "password" has a line break'],
    ['a date without a time', { validTo: '2026-11-30' }, 'key "validTo" holds no time of RFC 3339'],
    ['a time without an offset', { validTo: '2026-11-30T10:00:00' }, 'key "validTo" holds no time of RFC 3339'],
    ['a day that there is not', { validTo: '2026-02-29T10:00:00Z' }, 'key "validTo" holds no time of RFC 3339'],
    ['an end before the start', { validFrom: '2026-11-30T10:00:00Z', validTo: '2026-11-29T10:00:00Z' }, 'validTo that'],
    ['a zone that there is not', { timeZone: 'Europe/Berlim' }, 'key "timeZone" holds no IANA time zone'],
    ['an offset for a zone', { timeZone: '+02:00' }, 'key "timeZone" holds no IANA time zone'],
    ['a locale that is none', { locale: 'german language' }, 'key "locale" holds no locale'],
    ['a link without TLS', { oneTimeLink: 'http://portal.example.com' }, 'key "oneTimeLink" holds no https URL'],
    ['a link that is a script', { oneTimeLink: 'javascript:alert(1)' }, 'key "oneTimeLink" holds no https URL'],
    ['a link with a password', { oneTimeLink: 'https://a:b@example.com' }, 'key "oneTimeLink" holds no https URL'],
    ['a value too long to show', { reasonForVisit: 'x'.repeat(2049) }, '"reasonForVisit" is longer than 2048 bytes'],
  ])('refuses %s', (_, values, says) => {
    const reading = read({ ...minimal, ...values });
    if (reading.kind === 'account') throw new Error('it was taken');
    expect(reading.problems).toEqual([expect.stringContaining(says)]);
    expect(reading.problems.join()).not.toContain('hunter2');
  });

  test('refuses a Secret of another type, and one that is no text', () => {
    const secret = { metadata, type: 'Opaque', data: bytes(minimal) };
    expect(readAccount(secret, mark)).toMatchObject({ kind: 'invalid', problems: [/relaykeeper\.dev\/account/] });
    const binary = new Map([...bytes(minimal), ['username', Buffer.from([0xff, 0xfe])]]);
    expect(readAccount({ ...secret, type: 'relaykeeper.dev/account', data: binary }, mark)).toMatchObject({
      kind: 'invalid',
      problems: ['Secret "guest-anna" key "username" holds no UTF-8 text'],
    });
  });

  test('says everything that is wrong at once', () => {
    const reading = read({ email: 'a', validTo: 'tomorrow' });
    expect(reading.kind === 'invalid' && reading.problems).toHaveLength(4);
  });

  test('never throws, and never shows a password', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a@b.example', '2026-11-24T10:00:00Z', 'de'));
    const keys = fc.constantFrom('username', 'email', 'validTo', 'locale', 'timeZone', 'oneTimeLink', 'password');
    fc.assert(
      fc.property(fc.dictionary(keys, value), (values) => {
        const reading = read({ ...values, password: `${values.password ?? ''}${canary}` });
        expect(JSON.stringify(reading)).not.toContain(canary);
      }),
    );
  });
});

const metadata = {
  name: 'guest-anna',
  namespace: 'mail',
  labels: { a: 'b' },
  resourceVersion: '7',
  creationTimestamp: '2026-11-24T07:00:00Z',
};

function read(values: Readonly<Record<string, string>>) {
  return readAccount({ metadata, type: 'relaykeeper.dev/account', data: bytes(values) }, mark);
}

function mark(password: Buffer): string {
  return `mark of ${password.length}`;
}

function bytes(values: Readonly<Record<string, string>>): ReadonlyMap<string, Buffer> {
  return new Map(Object.entries(values).map(([key, text]) => [key, Buffer.from(text)]));
}
