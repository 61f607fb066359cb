// SmtpRelays as someone might write them: right ones with some fields gone wrong.
import fc from 'fast-check';

type Json = Record<string, unknown>;

/** Values that are right for one field or another, and wrong for most. */
const strays: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  25,
  587.5,
  70_000,
  5_000_000_000,
  1e30,
  '',
  'x',
  'None',
  'Implicit',
  'Opportunistic',
  'Envelope',
  'Tls',
  'Selector',
  'In',
  'Exists',
  'XOAuth2',
  'JwtBearer',
  'RefreshToken',
  '30s',
  '1d',
  '8d',
  '5 minutes',
  '0s',
  '99999999999999999999h',
  '1h1h1h1h1h1h1h1h',
  '5000000h5000000h5000000h',
  'mail.example.com',
  'mail.example.com.',
  'mail..example.com',
  '-mail.example.com',
  'smtp://mail.example.com/',
  'mail.example.com:587',
  'mail example.com',
  '192.0.2.1',
  '192.0.2.256',
  '0x7f.1',
  '2001:db8::1',
  '::ffff:192.0.2.1',
  'fe80::1%eth0',
  '[192.0.2.1]',
  '*.example.com',
  'relay@example.com',
  'relay@example@com',
  'a\nb',
  'tab\there',
  '\u0000',
  '"quoted" \\ é \u2028 \u{1F4E7}',
  'a'.repeat(64),
  'a'.repeat(254),
  'https://login.example.com/token',
  'https://user@login.example.com/token',
  'https://',
  `${'A'.repeat(43)}=`,
  [],
  ['x'],
  ['*.example.com', 'a@example.com', 7],
  [`${'A'.repeat(43)}=`, `${'A'.repeat(43)}=`],
  Array.from({ length: 70 }, (_, index) => `a${index}@example.com`),
  {},
  { name: 'a' },
];

const fullSpec: Json = {
  host: 'mail.example.com',
  port: 587,
  addressFamily: 'Any',
  connectionTimeout: '30s',
  deliveryTimeouts: { command: '5m', dataEnd: '10m' },
  ehloName: 'relay.example.com',
  tls: {
    mode: 'StartTls',
    caSecretRef: { name: 'ca', key: 'ca.crt' },
    serverName: 'mail.example.com',
    minVersion: 'TLS1.2',
    pinnedSha256: [`${'B'.repeat(43)}=`],
    clientCertificateSecretRef: { name: 'client' },
  },
  auth: { secretRef: { name: 'login' }, mechanism: 'Auto', allowUnencrypted: false, username: 'x@example.com' },
  sender: { address: 'relay@example.com', name: 'Relay', envelopeFrom: '', replyTo: '' },
  allowedSenders: ['*.example.com'],
  dkim: { domain: 'example.com', selector: 's1', privateKeySecretRef: { name: 'dkim', key: 'key' } },
  limits: { maxConnections: 5, messagesPerMinute: 0, maxRecipientsPerMessage: 100 },
  allowedRecipientDomains: ['example.com'],
  allowedNamespaces: {
    from: 'Selector',
    selector: { matchLabels: { team: 'a' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['x'] }] },
  },
  sandbox: { redirectTo: '' },
  probe: {
    interval: '5m',
    depth: 'Envelope',
    recipient: 'a@example.com',
    failureThreshold: 3,
    certificateWarningDays: 21,
  },
  suspend: false,
};
const oauthSpec: Json = {
  ...fullSpec,
  tls: { mode: 'Implicit', caConfigMapRef: { name: 'bundle' } },
  auth: {
    username: 'x@example.com',
    oauth2: {
      tokenUrl: 'https://login.example.com/token',
      grant: 'JwtBearer',
      clientId: 'id',
      scopes: ['mail'],
      secretRef: { name: 'oauth' },
      jwt: { issuer: 'i', subject: 's', audience: 'a', keyId: 'k' },
    },
  },
};

/** One to four places of a full spec replaced by a stray value or taken out. */
export const relayArbitrary: fc.Arbitrary<Json> = fc
  .tuple(
    fc.constantFrom(fullSpec, oauthSpec),
    fc.array(fc.tuple(fc.nat(), fc.option(fc.constantFrom(...strays), { nil: undefined })), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([spec, changes]) => relay(withChanges(spec, changes)));

export function relay(spec: unknown, more: Json = {}): Json {
  return { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'SmtpRelay', metadata: { name: 'corporate' }, spec, ...more };
}

/** Each change puts a value at one of the places there are, or takes it out. */
export function withChanges(spec: Json, changes: readonly (readonly [number, unknown])[]): Json {
  const changed = structuredClone(spec);
  for (const [place, value] of changes) change(changed, { place, value });
  return changed;
}

function change(spec: Json, { place, value }: { place: number; value: unknown }): void {
  const places = placesIn(spec);
  const [holder, key] = places[place % places.length] ?? [spec, 'host'];
  if (value === undefined && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (value === undefined) Reflect.deleteProperty(holder, key);
  else Reflect.set(holder, key, structuredClone(value));
}

function placesIn(value: object): [object, string][] {
  return Object.entries(value).flatMap(([key, field]): [object, string][] => [
    [value, key],
    ...(typeof field === 'object' && field !== null ? placesIn(field) : []),
  ]);
}
