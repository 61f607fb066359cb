// What is not a failure yet, but worth knowing.
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Certificates, makeCertificates, served } from './certificates.ts';
import { startHostileServer } from './hostile-server.ts';
import { mailScript } from './mail-script.ts';
import { type Asked, runProbe } from './probing.ts';

let certificates: Certificates;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  certificates = await makeCertificates();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Case {
  readonly name: string;
  readonly script: () => Parameters<typeof mailScript>[0];
  readonly asked?: () => Partial<Asked>;
  readonly warnings: readonly (readonly [reason: string, says: RegExp])[];
}

const trusting = () => ({ mode: 'StartTls' as const, trustedCertificates: [certificates.ca.certificatePem] });

const cases: readonly Case[] = [
  { name: 'a server that does all right gets none', script: () => ({}), warnings: [] },
  {
    name: 'bare line feeds',
    script: () => ({ greeting: '220 hello\n' }),
    warnings: [['LenientReply', /ends lines with a bare LF/]],
  },
  {
    name: 'lines longer than the standard has it',
    script: () => ({ greeting: `220 ${'x'.repeat(600)}\r\n` }),
    warnings: [['LenientReply', /lines of more than 512 bytes/]],
  },
  {
    name: 'codes without a text',
    script: () => ({ on: { RSET: '250\r\n' } }),
    warnings: [['LenientReply', /codes without a text/]],
  },
  {
    name: 'login offered in the old form, which is understood',
    script: () => ({ capabilities: ['AUTH=LOGIN PLAIN'], tls: served(certificates.good) }),
    asked: () => ({ auth: {}, tls: trusting() }),
    warnings: [['LenientReply', /AUTH=/]],
  },
  {
    name: 'no name for EHLO',
    script: () => ({}),
    asked: () => ({ ehloName: undefined }),
    warnings: [['EhloNameIsAddressLiteral', /\[127\.0\.0\.1\].*set spec\.ehloName/]],
  },
  {
    name: 'a server that knows HELO only',
    script: () => ({ on: { EHLO: '500 what\r\n' } }),
    warnings: [['EhloNotSupported', /took HELO/]],
  },
  {
    name: 'a certificate that ends soon',
    script: () => ({ tls: served(certificates.endsSoon) }),
    asked: () => ({ tls: trusting() }),
    warnings: [['CertificateExpiresSoon', /"CN=localhost" ends on \d{4}-\d\d-\d\d, in 5 days/]],
  },
  {
    name: 'a certificate that ends soon, but not as soon as to warn',
    script: () => ({ tls: served(certificates.endsSoon) }),
    asked: () => ({ tls: trusting(), certificateWarningDays: 3 }),
    warnings: [],
  },
  {
    name: 'an unverified server in mode Opportunistic',
    script: () => ({ tls: served(certificates.expired) }),
    asked: () => ({ tls: { ...trusting(), mode: 'Opportunistic' } }),
    warnings: [['UnverifiedServer', /expired on/]],
  },
  {
    name: 'no TLS at all in mode Opportunistic',
    script: () => ({}),
    asked: () => ({ tls: { mode: 'Opportunistic' } }),
    warnings: [['NotEncrypted', /does not offer STARTTLS, so mail goes in plain text/]],
  },
  {
    name: 'STARTTLS refused in mode Opportunistic',
    script: () => ({ capabilities: ['STARTTLS'], on: { STARTTLS: '454 4.7.0 not now\r\n' } }),
    asked: () => ({ tls: { mode: 'Opportunistic' } }),
    warnings: [['NotEncrypted', /refused STARTTLS \(454 4\.7\.0 not now\)/]],
  },
  {
    name: 'a login in plain text, by the word of the spec',
    script: () => ({ capabilities: ['AUTH PLAIN'] }),
    asked: () => ({ auth: { allowUnencrypted: true } }),
    warnings: [['CredentialsUnencrypted', /Secret "login" was sent without encryption/]],
  },
  {
    name: 'more senders than status has room for',
    script: () => ({}),
    asked: () => ({ senders: Array.from({ length: 33 }, (_, index) => `s${index}@example.com`) }),
    warnings: [['SendersNotAllTried', /first 32 of 33/]],
  },
];

test.each(cases)('$name', async ({ script, asked, warnings }) => {
  const server = await startHostileServer(mailScript(script()));
  stops.push(server.stop);
  const report = await runProbe({ port: server.port, ...asked?.() });
  expect(report).toMatchObject({ outcome: 'Succeeded' });
  expect((report.warnings ?? []).map(({ reason }) => reason)).toEqual(warnings.map(([reason]) => reason));
  for (const [index, [, says]] of warnings.entries()) expect(report.warnings?.[index]?.message).toMatch(says);
});
