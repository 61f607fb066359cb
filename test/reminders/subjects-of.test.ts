import { describe, expect, test } from 'vitest';
import { readAccount } from '../../src/api/read-account.ts';
import {
  accountSubjects,
  certificateSubjects,
  relaySubjects,
  resourceSubjects,
} from '../../src/reminders/subjects-of.ts';

const end = Date.UTC(2026, 11, 15);
const start = Date.UTC(2026, 0, 1);
const nobody = { kind: 'subject', account: undefined, sponsor: undefined, address: undefined };
const key = (name: string) => ({ namespace: 'mail', name });
const selector = { matchLabels: { kind: 'guest' } };
const labelled = (name: string, labels: Record<string, string> = { kind: 'guest' }) => ({ ...key(name), labels });

describe('accounts', () => {
  const accounts = [
    account('anna', { validTo: '2026-12-15T00:00:00Z', passwordExpiresAt: '2026-11-30T00:00:00Z' }),
    account('bo', { sponsorEmail: 'boss@example.com', passwordExpiresAt: '2026-12-15T00:00:00Z' }),
    account('eve', { validTo: '2026-12-15T00:00:00Z' }, { kind: 'admin' }),
  ];

  test('end with validTo', () => {
    const subjects = accountSubjects(accounts, { selector, expiry: 'AccountEnd' });
    const anna = { ...nobody, key: key('anna'), end, createdAt: start, account: 'anna@example.com' };
    expect([...subjects]).toEqual([anna]);
    expect([...subjects]).toEqual([anna]);
  });

  test('or with their password', () => {
    const subjects = accountSubjects(accounts, { selector, expiry: 'PasswordEnd' });
    expect([...subjects]).toMatchObject([
      { key: key('anna'), end: Date.UTC(2026, 10, 30), sponsor: undefined },
      { key: key('bo'), end, sponsor: 'boss@example.com' },
    ]);
  });

  test('are all looked at without a selector', () => {
    expect([...accountSubjects(accounts, { expiry: 'AccountEnd' })]).toHaveLength(2);
  });
});

test('certificates end with their leaf, and one that cannot be read is said', () => {
  const certificates = [
    { ...labelled('web'), notAfter: end, notBefore: start },
    { ...labelled('broken'), notAfter: undefined, notBefore: undefined },
    { ...labelled('other', {}), notAfter: undefined, notBefore: undefined },
  ];
  expect([...certificateSubjects(certificates, { selector })]).toEqual([
    { ...nobody, key: key('web'), end, createdAt: start },
    { kind: 'unusable', key: key('broken'), problem: '"broken" has no certificate under tls.crt that can be read' },
  ]);
});

test('relays end with the certificate that they were seen to present', () => {
  const relays = [
    { ...labelled('corporate'), notAfter: '2026-12-15T00:00:00Z', notBefore: '2026-01-01T00:00:00Z' },
    { ...labelled('plain'), notAfter: undefined, notBefore: undefined },
    { ...labelled('odd'), notAfter: 'soon', notBefore: undefined },
  ];
  expect([...relaySubjects(relays, {})]).toEqual([
    { ...nobody, key: key('corporate'), end, createdAt: start },
    { kind: 'unusable', key: key('odd'), problem: '"odd" has a status whose notAfter is no time' },
  ]);
});

test('resources end at the path, and tell whom the other path leads to', () => {
  const rule = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    expiryPath: '$.status.notAfter',
    addressPath: "$.metadata.annotations['example.com/owner']",
  };
  const metadata = {
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'example.com/owner': 'owner@example.com' },
  };
  const status = { notAfter: '2026-12-15T00:00:00Z' };
  const resources = [
    { ...labelled('whole'), object: { metadata, status } },
    { ...labelled('ownerless'), object: { metadata: {}, status } },
    { ...labelled('pending'), object: { metadata, status: {} } },
    { ...labelled('odd'), object: { metadata, status: { notAfter: 5 } } },
    { ...labelled('list'), object: { metadata: { annotations: { 'example.com/owner': ['a@b.example'] } }, status } },
  ];
  expect([...resourceSubjects(resources, rule)]).toEqual([
    { ...nobody, key: key('whole'), end, createdAt: start, address: 'owner@example.com' },
    { ...nobody, key: key('ownerless'), end, createdAt: undefined },
    {
      kind: 'unusable',
      key: key('odd'),
      problem: '"odd" has something else than a time of RFC 3339 at $.status.notAfter',
    },
    {
      kind: 'unusable',
      key: key('list'),
      problem: '"list" has something else than an address at $.metadata.annotations[\'example.com/owner\']',
    },
  ]);
});

function account(name: string, values: Readonly<Record<string, string>>, labels = { kind: 'guest' }) {
  const data = { username: name, password: 'x', email: `${name}@example.com`, ...values };
  const metadata = { ...key(name), labels, creationTimestamp: '2026-01-01T00:00:00Z' };
  const bytes = new Map(Object.entries(data).map(([field, text]) => [field, Buffer.from(text)]));
  const read = readAccount({ metadata, type: 'relaykeeper.dev/account', data: bytes }, () => 'mark');
  if (read.kind === 'invalid') throw new Error(read.problems.join());
  return read.account;
}
