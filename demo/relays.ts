// What the demo shows: a table of relays, each with its server and what its manifest says of it.
import type { DemoCertificates } from './certificates.ts';
import { startHttpListener, unusedPort } from './other-listeners.ts';
import { type Inbox, type Listener, startSmtpListener } from './smtp-listener.ts';

export interface DemoRelay {
  /** Also the name of its file. */
  readonly name: string;
  /** The comment at the head of its file, one sentence a line. */
  readonly about: readonly string[];
  readonly serve: (certificates: DemoCertificates, inbox: Inbox) => Promise<Listener>;
  /** Its spec, without host, port, sender and probe where these are the usual ones. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Secrets that stand in its file; absent ones that the user may want stay comments. */
  readonly secrets?: (certificates: DemoCertificates) => readonly DemoSecret[];
}

export interface DemoSecret {
  readonly name: string;
  readonly type?: string;
  readonly values: Readonly<Record<string, string>>;
  /** Written as a comment: it is not there yet. */
  readonly commentedOut?: boolean;
}

/** The Secret, and the ConfigMap, that hold the CA of most of the demo's servers. */
export const caName = 'demo-ca';

const rightLogin = { username: 'relaykeeper', password: 'correct horse battery staple' };
const startTlsCa = { mode: 'StartTls', caSecretRef: { name: caName } };
const loginSecret = (name: string, password: string, more: Partial<DemoSecret> = {}): DemoSecret => ({
  name,
  type: 'kubernetes.io/basic-auth',
  values: { username: rightLogin.username, password },
  ...more,
});

export const demoRelays: readonly DemoRelay[] = [
  {
    name: 'plain',
    about: ['A mail server without encryption or login, as on many internal networks.'],
    serve: () => startSmtpListener({ tls: { mode: 'None' } }),
    spec: { tls: { mode: 'None' } },
  },
  {
    name: 'starttls',
    about: ['STARTTLS, the server verified by a private CA from a Secret.'],
    serve: ({ good }, inbox) => startSmtpListener({ tls: { mode: 'StartTls', certificate: good }, inbox }),
    spec: { tls: startTlsCa },
  },
  {
    name: 'implicit-tls',
    about: ['TLS from the first byte, the server verified by a private CA from a ConfigMap.'],
    serve: ({ good }) => startSmtpListener({ tls: { mode: 'Implicit', certificate: good } }),
    spec: { tls: { mode: 'Implicit', caConfigMapRef: { name: caName } } },
  },
  {
    name: 'starttls-login',
    about: ['STARTTLS, then a login with user name and password from a Secret.'],
    serve: ({ good }) => startSmtpListener({ tls: { mode: 'StartTls', certificate: good }, login: rightLogin }),
    spec: { tls: startTlsCa, auth: { secretRef: { name: 'starttls-login' } } },
    secrets: () => [loginSecret('starttls-login', rightLogin.password)],
  },
  {
    name: 'implicit-tls-login',
    about: [
      'TLS from the first byte, then a login with mechanism LOGIN.',
      'The probe goes on to MAIL and RCPT, and so tests sender and recipient too.',
    ],
    serve: ({ good }) => startSmtpListener({ tls: { mode: 'Implicit', certificate: good }, login: rightLogin }),
    spec: {
      tls: { mode: 'Implicit', caSecretRef: { name: caName } },
      auth: { secretRef: { name: 'implicit-tls-login' }, mechanism: 'Login' },
      probe: { interval: '10s', depth: 'Envelope', recipient: 'postmaster@demo.example' },
    },
    secrets: () => [loginSecret('implicit-tls-login', rightLogin.password)],
  },
  {
    name: 'certificate-ends-soon',
    about: ['All is well for now, but the certificate ends in five days.'],
    serve: ({ endsSoon }) => startSmtpListener({ tls: { mode: 'StartTls', certificate: endsSoon } }),
    spec: { tls: startTlsCa },
  },
  {
    name: 'untrusted-ca',
    about: [
      'Broken: the server has a certificate of a CA that the relay does not trust.',
      'To heal it, set caSecretRef.name to other-ca.',
    ],
    serve: ({ untrusted }) => startSmtpListener({ tls: { mode: 'StartTls', certificate: untrusted } }),
    spec: { tls: startTlsCa },
    secrets: ({ otherCa }) => [{ name: 'other-ca', values: { 'ca.crt': otherCa } }],
  },
  {
    name: 'self-signed',
    about: [
      'Broken: the server, a mail appliance perhaps, signed its certificate itself.',
      'To heal it, set caSecretRef.name to appliance-certificate.',
    ],
    serve: ({ selfSigned }) => startSmtpListener({ tls: { mode: 'Implicit', certificate: selfSigned } }),
    spec: { tls: { mode: 'Implicit', caSecretRef: { name: caName } } },
    secrets: ({ selfSigned }) => [{ name: 'appliance-certificate', values: { 'ca.crt': selfSigned.certificatePem } }],
  },
  {
    name: 'missing-intermediate',
    about: [
      'Broken: the server does not send the certificate of the CA between its own and the trusted one.',
      'To heal it here, set caSecretRef.name to issuing-ca; better, let the server send its whole chain.',
    ],
    serve: ({ withoutIntermediate }) =>
      startSmtpListener({ tls: { mode: 'StartTls', certificate: withoutIntermediate } }),
    spec: { tls: startTlsCa },
    secrets: ({ ca, intermediateCa }) => [{ name: 'issuing-ca', values: { 'ca.crt': intermediateCa + ca } }],
  },
  {
    name: 'expired-certificate',
    about: ['Broken: the certificate of the server ended a week ago. Only the server can heal that.'],
    serve: ({ expired }) => startSmtpListener({ tls: { mode: 'Implicit', certificate: expired } }),
    spec: { tls: { mode: 'Implicit', caSecretRef: { name: caName } } },
  },
  {
    name: 'wrong-host-name',
    about: [
      'Broken: the certificate is for mail.corp.example, but the relay connects to localhost.',
      'To heal it, add serverName: mail.corp.example under tls.',
    ],
    serve: ({ wrongName }) => startSmtpListener({ tls: { mode: 'StartTls', certificate: wrongName } }),
    spec: { tls: startTlsCa },
  },
  {
    name: 'wrong-password',
    about: [
      'Broken: the server refuses the password in the Secret.',
      `To heal it, set the password to: ${rightLogin.password}`,
    ],
    serve: ({ good }) => startSmtpListener({ tls: { mode: 'StartTls', certificate: good }, login: rightLogin }),
    spec: { tls: startTlsCa, auth: { secretRef: { name: 'wrong-password' } } },
    secrets: () => [loginSecret('wrong-password', 'hunter2')],
  },
  {
    name: 'missing-secret',
    about: ['Broken: the Secret with the login does not exist.', 'To heal it, take the # off the Secret below.'],
    serve: ({ good }) => startSmtpListener({ tls: { mode: 'StartTls', certificate: good }, login: rightLogin }),
    spec: { tls: startTlsCa, auth: { secretRef: { name: 'missing-secret' } } },
    secrets: () => [loginSecret('missing-secret', rightLogin.password, { commentedOut: true })],
  },
  {
    name: 'tls-mode-mixed-up',
    about: [
      'Broken: the server speaks TLS from the first byte, and the relay waits for a greeting in plain text.',
      'To heal it, set tls.mode to Implicit.',
    ],
    serve: ({ good }) => startSmtpListener({ tls: { mode: 'Implicit', certificate: good } }),
    spec: { connectionTimeout: '3s', tls: startTlsCa },
  },
  {
    name: 'nothing-listening',
    about: ['Broken: nothing listens on this port.', 'To heal it, set the port to that of plain.yaml.'],
    serve: async () => ({ port: await unusedPort(), stop: async () => undefined }),
    spec: { tls: { mode: 'None' } },
  },
  {
    name: 'speaks-http',
    about: ['Broken: a web server listens on this port.', 'To heal it, set the port to that of plain.yaml.'],
    serve: () => startHttpListener(),
    spec: { connectionTimeout: '3s', tls: { mode: 'None' } },
  },
  {
    name: 'invalid-spec',
    about: [
      'Broken: a probe of depth Envelope needs a recipient. Such a relay is refused, and not probed.',
      'To heal it, add recipient: postmaster@demo.example under probe.',
    ],
    serve: () => startSmtpListener({ tls: { mode: 'None' } }),
    spec: { tls: { mode: 'None' }, probe: { interval: '10s', depth: 'Envelope' } },
  },
];
