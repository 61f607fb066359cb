// One table of relays, right and wrong, with what is said of each: run through parseRelay, `validate` and the API server.
import { relay } from './relay-arbitrary.ts';

export interface RelayCase {
  readonly title: string;
  readonly manifest: unknown;
  /** `fieldPath: message`, in any order; none for a relay that can be used. */
  readonly says: readonly string[];
  /** What only this program knows; the API server takes the relay. */
  readonly beyondServer?: true;
}

const host = 'mail.example.com';
const fingerprint = `${'A'.repeat(43)}=`;
const oauth2 = {
  tokenUrl: 'https://login.example.com/token',
  grant: 'ClientCredentials',
  clientId: 'id',
  secretRef: { name: 's' },
};
const durationWords = 'must be a duration such as 30s, 5m or 1h30m (units ms, s, m, h, d)';
const hostWords = 'must be a valid host name or IP address literal';
const addressWords = 'must be an e-mail address such as relay@example.com';

const valid: readonly (readonly [string, unknown])[] = [
  ['a host alone is enough', { host }],
  ['null is the same as absent', { host, tls: null, port: null, auth: null }],
  ['an IPv4 literal', { host: '192.0.2.1' }],
  ['an IPv6 literal', { host: '2001:db8::1' }],
  ['a name that ends with a dot', { host: 'mail.example.com.' }],
  ['a name without a dot, as in a cluster', { host: 'postfix' }],
  ['an internationalized name', { host: 'pošta.example' }],
  ['the longest label', { host: `${'a'.repeat(63)}.example` }],
  ['every port there is', { host, port: 65_535 }],
  ['a duration of several units', { host, connectionTimeout: '1m30s' }],
  ['days alone', { host, probe: { interval: '7d' } }],
  ['a CA in a ConfigMap', { host, tls: { caConfigMapRef: { name: 'bundle' } } }],
  ['a fingerprint', { host, tls: { pinnedSha256: [fingerprint] } }],
  ['a login', { host, auth: { secretRef: { name: 'login' } } }],
  ['OAuth 2 by client credentials', { host, auth: { username: 'x', oauth2 } }],
  [
    'depth Envelope with sender and recipient',
    { host, sender: { address: 'a@example.com' }, probe: { depth: 'Envelope', recipient: 'b@example.com' } },
  ],
  [
    'namespaces by selector',
    { host, allowedNamespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } } },
  ],
  [
    'sender patterns and recipient domains',
    {
      host,
      allowedSenders: ['*.example.com', 'a@example.com'],
      allowedRecipientDomains: ['example.com', '*.example.org'],
    },
  ],
];

const invalid: readonly (readonly [string, unknown, ...string[]])[] = [
  [
    'a port of 0',
    { host, port: 0 },
    'spec.port: Invalid value: 0: spec.port in body should be greater than or equal to 1',
  ],
  [
    'a port above all',
    { host, port: 70_000 },
    'spec.port: Invalid value: 70000: spec.port in body should be less than or equal to 65535',
  ],
  [
    'a port beyond 32 bits',
    { host, port: 5_000_000_000 },
    'spec.port: Invalid value: "": Checked value must be of type integer with format int32 in spec.port',
    'spec.port: Invalid value: 5000000000: spec.port in body should be less than or equal to 65535',
  ],
  [
    'a port as text',
    { host, port: '587' },
    'spec.port: Invalid value: "string": spec.port in body must be of type integer: "string"',
  ],
  [
    'a port with a fraction',
    { host, port: 587.5 },
    'spec.port: Invalid value: "float64": spec.port in body must be of type int32: "float64"',
    'spec.port: Invalid value: "": Checked value must be of type integer with format int32 in spec.port',
  ],
  ['no host', {}, 'spec.host: Required value'],
  ['a host of null', { host: null }, 'spec.host: Required value'],
  ['an empty host', { host: '' }, 'spec.host: Invalid value: "": spec.host in body should be at least 1 chars long'],
  [
    'a number as host',
    { host: 5 },
    'spec.host: Invalid value: "integer": spec.host in body must be of type string: "integer"',
  ],
  ['a host that is too long', { host: 'a.'.repeat(127) }, 'spec.host: Too long: may not be more than 253 bytes'],
  [
    'a host with a scheme',
    { host: 'smtp://mail.example.com' },
    'spec.host: Invalid value: "smtp://mail.example.com": must be a host name or IP address without a scheme or path; write mail.example.com, not smtp://mail.example.com',
  ],
  [
    'a host with a space',
    { host: 'mail example.com' },
    'spec.host: Invalid value: "mail example.com": must not contain spaces or control characters',
  ],
  [
    'a host with a port',
    { host: 'mail.example.com:587' },
    'spec.host: Invalid value: "mail.example.com:587": must not contain a port; set spec.port instead',
  ],
  ['an IPv6 literal in brackets', { host: '[2001:db8::1]' }, `spec.host: Invalid value: "[2001:db8::1]": ${hostWords}`],
  ['an address that is none', { host: '192.0.2.256' }, `spec.host: Invalid value: "192.0.2.256": ${hostWords}`],
  ['an address written as C would read it', { host: '0x7f.1' }, `spec.host: Invalid value: "0x7f.1": ${hostWords}`],
  ['an empty label', { host: 'mail..example.com' }, `spec.host: Invalid value: "mail..example.com": ${hostWords}`],
  ['an underscore', { host: 'my_mail.example.com' }, `spec.host: Invalid value: "my_mail.example.com": ${hostWords}`],
  [
    'a label of 64',
    { host: `${'a'.repeat(64)}.example` },
    `spec.host: Invalid value: "${'a'.repeat(64)}.example": ${hostWords}`,
  ],
  ['no spec', undefined, 'spec: Required value'],
  [
    'a spec of text',
    'mail.example.com',
    'spec: Invalid value: "string": spec in body must be of type object: "string"',
  ],
  [
    'a TLS mode that there is not',
    { host, tls: { mode: 'starttls' } },
    'spec.tls.mode: Unsupported value: "starttls": supported values: "None", "Opportunistic", "StartTls", "Implicit"',
  ],
  [
    'a TLS mode of the wrong type',
    { host, tls: { mode: 5 } },
    'spec.tls.mode: Invalid value: "integer": spec.tls.mode in body must be of type string: "integer"',
    'spec.tls.mode: Unsupported value: 5: supported values: "None", "Opportunistic", "StartTls", "Implicit"',
  ],
  [
    'both CA references',
    { host, tls: { caSecretRef: { name: 'a' }, caConfigMapRef: { name: 'b' } } },
    'spec.tls: Invalid value: only one of caSecretRef and caConfigMapRef may be set',
  ],
  [
    'a CA without TLS',
    { host, tls: { mode: 'None', caSecretRef: { name: 'a' } } },
    'spec.tls: Invalid value: caSecretRef, caConfigMapRef, clientCertificateSecretRef, pinnedSha256 and serverName need a mode other than None',
  ],
  [
    'nothing trusted',
    { host, tls: { includeSystemRoots: false } },
    'spec.tls: Invalid value: includeSystemRoots false needs caSecretRef or caConfigMapRef, since nothing would be trusted',
  ],
  [
    'a fingerprint in hexadecimal',
    { host, tls: { pinnedSha256: ['ab:cd'] } },
    `spec.tls.pinnedSha256[0]: Invalid value: "ab:cd": spec.tls.pinnedSha256[0] in body should match '^[A-Za-z0-9+/]{43}=$'`,
  ],
  [
    'a fingerprint twice',
    { host, tls: { pinnedSha256: [fingerprint, fingerprint] } },
    `spec.tls.pinnedSha256[1]: Duplicate value: "${fingerprint}"`,
  ],
  [
    'null in a list',
    { host, tls: { pinnedSha256: [null] } },
    'spec.tls.pinnedSha256[0]: Invalid value: "null": spec.tls.pinnedSha256[0] in body must be of type string: "null"',
  ],
  ['a reference without a name', { host, auth: { secretRef: {} } }, 'spec.auth.secretRef.name: Required value'],
  ['a login of neither kind', { host, auth: {} }, 'spec.auth: Invalid value: one of secretRef and oauth2 is required'],
  [
    'a login of both kinds',
    { host, auth: { username: 'x', secretRef: { name: 'a' }, oauth2 } },
    'spec.auth: Invalid value: only one of secretRef and oauth2 may be set',
  ],
  [
    'XOAUTH2 without OAuth 2',
    { host, auth: { mechanism: 'XOAuth2', secretRef: { name: 'a' } } },
    'spec.auth: Invalid value: mechanism XOAuth2 needs oauth2',
  ],
  [
    'OAuth 2 without a mailbox',
    { host, auth: { oauth2 } },
    'spec.auth: Invalid value: username, the mailbox to log in as, is required with oauth2',
  ],
  [
    'a token URL without TLS',
    { host, auth: { username: 'x', oauth2: { ...oauth2, tokenUrl: 'http://a' } } },
    'spec.auth.oauth2.tokenUrl: Invalid value: "http://a": must be an https URL without user information or fragment',
  ],
  [
    'an assertion without its claims',
    { host, auth: { username: 'x', oauth2: { ...oauth2, grant: 'JwtBearer' } } },
    'spec.auth.oauth2: Invalid value: jwt is required with grant JwtBearer',
  ],
  [
    'depth Envelope with nobody to send to',
    { host, sender: { address: 'a@example.com' }, probe: { depth: 'Envelope' } },
    'spec.probe: Invalid value: probe.recipient is required when probe.depth is Envelope or Message',
  ],
  [
    'depth Message with nobody to send from',
    { host, probe: { depth: 'Message', recipient: 'a@example.com' } },
    'spec.probe: Invalid value: sender.address is required when probe.depth is Envelope or Message',
  ],
  [
    'depth Tls without TLS',
    { host, tls: { mode: 'None' }, probe: { depth: 'Tls' } },
    'spec.probe: Invalid value: probe.depth Tls needs a tls.mode other than None',
  ],
  [
    'a duration in words',
    { host, connectionTimeout: '5 minutes' },
    `spec.connectionTimeout: Invalid value: "5 minutes": ${durationWords}`,
  ],
  [
    'a timeout too short',
    { host, connectionTimeout: '99ms' },
    'spec.connectionTimeout: Invalid value: "99ms": must be between 100ms and 10m',
  ],
  [
    'a timeout longer than CEL can count',
    { host, connectionTimeout: '99999999999999999999h' },
    'spec.connectionTimeout: Invalid value: "99999999999999999999h": must be between 100ms and 10m',
  ],
  [
    'a delivery that never waits',
    { host, deliveryTimeouts: { dataEnd: '0s' } },
    'spec.deliveryTimeouts.dataEnd: Invalid value: "0s": must be between 1s and 15m',
  ],
  [
    'a wait after the final dot that outlasts the hold on a message',
    { host, deliveryTimeouts: { dataEnd: '20m' } },
    'spec.deliveryTimeouts.dataEnd: Invalid value: "20m": must be between 1s and 15m',
  ],
  [
    'an interval of 1s',
    { host, probe: { interval: '1s' } },
    'spec.probe.interval: Invalid value: "1s": must be between 10s and 7d; days stand alone, such as 1d',
  ],
  [
    'an interval of 8 days',
    { host, probe: { interval: '8d' } },
    'spec.probe.interval: Invalid value: "8d": must be between 10s and 7d; days stand alone, such as 1d',
  ],
  [
    'a sender without @',
    { host, sender: { address: 'relay' } },
    `spec.sender.address: Invalid value: "relay": ${addressWords}`,
  ],
  [
    'a sender of one letter',
    { host, sender: { address: 'x' } },
    'spec.sender.address: Invalid value: "x": spec.sender.address in body should be at least 3 chars long',
    `spec.sender.address: Invalid value: "x": ${addressWords}`,
  ],
  [
    'a header smuggled into a name',
    { host, sender: { address: 'a@example.com', name: 'x\r\nBcc: y' } },
    'spec.sender.name: Invalid value: "x\\r\\nBcc: y": must be one line without control characters',
  ],
  [
    'too many senders',
    { host, allowedSenders: Array.from({ length: 65 }, () => 'a@example.com') },
    'spec.allowedSenders: Too many: 65: must have at most 64 items',
  ],
  [
    'a recipient domain with a wildcard in the middle',
    { host, allowedRecipientDomains: ['mail.*.com'] },
    'spec.allowedRecipientDomains[0]: Invalid value: "mail.*.com": must be a domain such as example.com, or a pattern such as *.example.com for its subdomains',
  ],
  [
    'a selector that is not asked for',
    { host, allowedNamespaces: { selector: {} } },
    'spec.allowedNamespaces: Invalid value: selector is required when from is Selector, and only then',
  ],
  [
    'In without values',
    { host, allowedNamespaces: { from: 'Selector', selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } } },
    'spec.allowedNamespaces.selector.matchExpressions[0]: Invalid value: values are required with the operators In and NotIn, and only then',
  ],
  [
    'a label value of the wrong type',
    { host, allowedNamespaces: { from: 'Selector', selector: { matchLabels: { 'a.b/c': 1 } } } },
    'spec.allowedNamespaces.selector.matchLabels.a.b/c: Invalid value: "integer": spec.allowedNamespaces.selector.matchLabels.a.b/c in body must be of type string: "integer"',
  ],
  [
    'yes as text',
    { host, suspend: 'yes' },
    'spec.suspend: Invalid value: "string": spec.suspend in body must be of type boolean: "string"',
  ],
  ['an unknown field', { host, prot: 587 }, 'spec.prot: unknown field "spec.prot"; did you mean "spec.port"?'],
  [
    'an unknown field in another case',
    { host, tls: { MinVersion: 'TLS1.3' } },
    'spec.tls.MinVersion: unknown field "spec.tls.MinVersion"; did you mean "spec.tls.minVersion"?',
  ],
  [
    'a field of another place',
    { host, caSecretRef: { name: 'ca' } },
    'spec.caSecretRef: unknown field "spec.caSecretRef"; did you mean "spec.tls.caSecretRef"?',
  ],
  ['an unknown field like no other', { host, frobnicate: true }, 'spec.frobnicate: unknown field "spec.frobnicate"'],
  [
    'several faults at once',
    { host: 'a b', port: 0, probe: { interval: '1s' } },
    'spec.port: Invalid value: 0: spec.port in body should be greater than or equal to 1',
    'spec.host: Invalid value: "a b": must not contain spaces or control characters',
    'spec.probe.interval: Invalid value: "1s": must be between 10s and 7d; days stand alone, such as 1d',
  ],
];

const nameWords =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const ofMetadata: readonly RelayCase[] = [
  {
    title: 'a name in capitals',
    manifest: relay({ host }, { metadata: { name: 'Corporate' } }),
    says: [`metadata.name: Invalid value: "Corporate": ${nameWords}`],
  },
  {
    title: 'a name of 254',
    manifest: relay({ host }, { metadata: { name: 'a'.repeat(254) } }),
    says: [`metadata.name: Invalid value: "${'a'.repeat(254)}": must be no more than 253 characters`],
  },
  {
    title: 'no name',
    manifest: relay({ host }, { metadata: {} }),
    says: ['metadata.name: Required value: name or generateName is required'],
  },
  {
    title: 'an unknown field of metadata',
    manifest: relay({ host }, { metadata: { name: 'a', lables: {} } }),
    says: ['metadata.lables: unknown field "metadata.lables"; did you mean "metadata.labels"?'],
  },
  {
    title: 'a label value of 64',
    manifest: relay({ host }, { metadata: { name: 'a', labels: { a: 'x'.repeat(64) } } }),
    says: [`metadata.labels: Invalid value: "${'x'.repeat(64)}": must be no more than 63 bytes`],
  },
  {
    title: 'an annotation without a name',
    manifest: relay({ host }, { metadata: { name: 'a', annotations: { 'example.com/': '' } } }),
    says: [
      'metadata.annotations: Invalid value: "example.com/": name part must be non-empty',
      "metadata.annotations: Invalid value: \"example.com/\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  },
  {
    title: 'a field beside spec',
    manifest: relay({ host }, { sepc: {} }),
    says: ['sepc: unknown field "sepc"; did you mean "spec"?'],
  },
];

/** Unicode's tables are beyond CEL. */
const ofInternationalNames: readonly RelayCase[] = [
  {
    title: 'an address in full-width digits',
    manifest: relay({ host: '127.0.0.１' }),
    says: [
      'spec.host: Invalid value: "127.0.0.１": must not be another spelling of the IP address 127.0.0.1; write 127.0.0.1',
    ],
    beyondServer: true,
  },
  {
    title: 'a name that IDNA does not allow',
    manifest: relay({ host: 'a\u2028b.example' }),
    says: ['spec.host: Invalid value: "a\\u2028b.example": must be a valid internationalized domain name (IDNA)'],
    beyondServer: true,
  },
];

export const relayCases: readonly RelayCase[] = [
  ...valid.map(([title, spec]): RelayCase => ({ title, manifest: relay(spec), says: [] })),
  ...invalid.map(([title, spec, ...says]): RelayCase => ({ title, manifest: relay(spec), says })),
  ...ofMetadata,
  ...ofInternationalNames,
];
