// NotificationPolicies as someone might write them: right ones with some fields gone wrong.
import fc from 'fast-check';
import { policy } from './policy-cases.ts';
import { withChanges } from './relay-arbitrary.ts';

/** Values that are right for one field or another, and wrong for most. */
const strays: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  7,
  1.5,
  5_000_000_000,
  '',
  'x',
  'None',
  'DryRun',
  'Link',
  'In',
  'Exists',
  'AccountEnd',
  'PasswordReset',
  '0s',
  '24h',
  '5 minutes',
  '0 8 * * *',
  '61 8 * * *',
  'Europe/Berlin',
  'Mars/Olympus',
  'a@example.com',
  'a@example.com, b@example.com',
  'a\nb',
  '\u0000',
  '{{ password }}',
  '$.status.notAfter',
  'Secret',
  'v1',
  'Upper',
  'a'.repeat(64),
  'a'.repeat(254),
  [],
  [7, 7],
  ['a@example.com'],
  ['AccountCreated', 'AccountCreated'],
  {},
  { name: 'a' },
  { matchLabels: { a: 'b' } },
  { matchExpressions: [{ key: 'a', operator: 'In' }] },
  { accounts: { expiry: 'AccountEnd' } },
];

const selector = {
  matchLabels: { 'relaykeeper.dev/account': 'guest' },
  matchExpressions: [{ key: 'site', operator: 'In', values: ['berlin'] }],
};
const notify = { account: true, sponsor: true, addresses: ['admins@example.com'] };
const template = { subject: 'Welcome', text: 'Hi', html: '<p>Hi</p>', locales: { de: { text: 'Hallo' } } };
const reminder = {
  schedule: '0 8 * * *',
  timeZone: 'Europe/Berlin',
  daysBefore: [14, 7, 1],
  afterExpiry: true,
  digest: true,
  namespaceSelector: {},
  notify,
  template,
};
const resources = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  selector,
  expiryPath: '$.status.notAfter',
  addressPath: '$.metadata.annotations.owner',
};

const fullSpec: Record<string, unknown> = {
  relayRef: { name: 'corporate', namespace: 'mail' },
  fallbackRelayRefs: [{ name: 'backup' }],
  from: { address: 'guests@example.com', name: 'Guests' },
  mode: 'Active',
  suspend: false,
  maxPerRun: 500,
  deliverWithin: { credentials: '24h' },
  credentials: [
    {
      name: 'guest',
      selector,
      triggers: ['AccountCreated', 'PasswordReset'],
      backfill: false,
      notify,
      password: 'Include',
      template,
    },
  ],
  reminders: [
    { name: 'accounts', subjects: { accounts: { selector, expiry: 'AccountEnd' } }, ...reminder },
    { name: 'resources', subjects: { resources }, ...reminder },
    { name: 'certificates', subjects: { certificates: { selector } }, ...reminder },
  ],
};

/** One to four places of a full spec replaced by a stray value or taken out. */
export const policyArbitrary: fc.Arbitrary<Record<string, unknown>> = fc
  .array(fc.tuple(fc.nat(), fc.option(fc.constantFrom(...strays), { nil: undefined })), { minLength: 1, maxLength: 4 })
  .map((changes) => policy(withChanges(fullSpec, changes)));
