import { X509Certificate } from 'node:crypto';
import { expect } from 'vitest';
import type { Issued } from '../../../demo/authority.ts';
import { spkiSha256 } from '../../../src/smtp/trust/peer-chain.ts';
import { type Certificates, served } from '../certificates.ts';
import type { Peer, Script } from '../hostile-server.ts';
import { mailScript } from '../mail-script.ts';
import type { Asked } from '../probing.ts';
import type { ReasonCase, World } from './reason-case.ts';

type TlsWish = NonNullable<Asked['tls']>;

/** A server with a certificate, and a relay that trusts the corporate root, each with a twist; the login must never be seen. */
function serving(pick: (all: Certificates) => Issued, twist: (all: Certificates) => Partial<Asked> = () => ({})) {
  return async ({ serve, certificates, after }: World): Promise<Asked> => {
    const { tls, ...rest } = twist(certificates);
    const mode = tls?.mode ?? 'StartTls';
    const capabilities = ['AUTH PLAIN', 'SIZE 1000'];
    const server = await serve(
      mailScript({ capabilities, tls: served(pick(certificates)), implicit: mode === 'Implicit' }),
    );
    after(async () => {
      for (const said of server.received) expect(said).not.toContain('AUTH');
    });
    return { port: server.port, auth: {}, ...rest, tls: { ...trusting(certificates), mode, ...tls } };
  };
}

function trusting({ ca }: Certificates): TlsWish {
  return { trustedCertificates: [ca.certificatePem], trustedFrom: 'Secret "corporate-ca" key "ca.crt"' };
}

const reportsChain: ReasonCase['also'] = (report) => {
  expect(report.tls).toMatchObject({
    verified: false,
    protocol: 'TLSv1.3',
    sha256: expect.stringMatching(/^([0-9A-F]{2}:){31}/),
  });
  expect(report.tls?.chain?.length).toBeGreaterThan(0);
  expect(report.capabilities).toContain('SIZE 1000');
  expect(report.mechanism).toBeUndefined();
};

export const tlsCases: readonly ReasonCase[] = [
  {
    name: 'a server without STARTTLS',
    reason: 'StartTlsNotOffered',
    stage: 'StartTls',
    says: /it offers SIZE 1000/,
    advises: /Switch STARTTLS on at the server/,
    ask: async ({ serve }) => ({
      port: (await serve(mailScript({ capabilities: ['SIZE 1000'] }))).port,
      tls: { mode: 'StartTls' },
    }),
  },
  {
    name: 'a server that refuses STARTTLS',
    reason: 'StartTlsRejected',
    stage: 'StartTls',
    says: /454 4\.7\.0 TLS not available/,
    advises: /certificate and key of the server/,
    ask: async ({ serve }) => ({
      port: (
        await serve(mailScript({ capabilities: ['STARTTLS'], on: { STARTTLS: '454 4.7.0 TLS not available\r\n' } }))
      ).port,
      tls: { mode: 'StartTls' },
    }),
  },
  {
    name: 'plain text slipped in between STARTTLS and the handshake',
    reason: 'StartTlsInjection',
    stage: 'StartTls',
    says: /18 bytes in plain text followed the server's reply to STARTTLS/,
    advises: /Update the mail server/,
    ask: async ({ serve }) => ({
      port: (
        await serve(
          mailScript({ capabilities: ['STARTTLS'], on: { STARTTLS: '220 go ahead\r\n250-AUTH PLAIN x\r\n' } }),
        )
      ).port,
      tls: { mode: 'StartTls' },
    }),
  },
  {
    name: 'a TLS client on a plain port',
    reason: 'PlaintextExpected',
    stage: 'Tls',
    says: /greets in plain text/,
    advises: /Set spec\.tls\.mode to StartTls/,
    ask: async ({ serve }) => ({ port: (await serve(mailScript())).port, tls: { mode: 'Implicit' } }),
  },
  {
    name: 'a TLS client on a plain port that greets late',
    reason: 'PlaintextExpected',
    stage: 'Tls',
    says: /greets in plain text/,
    advises: /implicit TLS port \(usually 465\)/,
    ask: async ({ serve }) => ({
      port: (
        await serve((peer) => {
          const late = setTimeout(() => peer.send('220 at last\r\n'), 300);
          void peer.closed.then(() => clearTimeout(late));
        })
      ).port,
      tls: { mode: 'Implicit' },
    }),
  },
  {
    name: 'a TLS client on an SSH port',
    reason: 'NotAnSmtpServer',
    stage: 'Tls',
    says: /speaks SSH, not SMTP/,
    advises: /Correct spec\.port/,
    ask: async ({ serve }) => ({
      port: (await serve((peer) => peer.send('SSH-2.0-x\r\n'))).port,
      tls: { mode: 'Implicit' },
    }),
  },
  {
    name: 'a CA that is not trusted here',
    reason: 'CertificateUntrusted',
    stage: 'Tls',
    says: /the issuer "CN=Corporate Root" of "CN=localhost" was not sent, and is not among the certificates of Secret "corporate-ca" key "ca\.crt"/,
    advises: /put its certificate \(PEM\) into Secret "corporate-ca" key "ca\.crt"/,
    ask: serving(
      ({ good }) => good,
      ({ stranger }) => ({ tls: { trustedCertificates: [stranger.certificatePem] } }),
    ),
    also: reportsChain,
  },
  {
    name: 'a CA that is not trusted here, with TLS from the first byte',
    reason: 'CertificateUntrusted',
    stage: 'Tls',
    says: /"CN=Corporate Root"/,
    advises: /spec\.tls\.caSecretRef/,
    ask: serving(
      ({ good }) => good,
      () => ({ tls: { mode: 'Implicit', trustedCertificates: [], trustedFrom: undefined, includeSystemRoots: true } }),
    ),
    also: reportsChain,
  },
  {
    name: 'a CA of the same name with another key',
    reason: 'CertificateUntrusted',
    stage: 'Tls',
    says: /a trusted certificate has that name, but another key/,
    advises: /put its present certificate \(PEM\) into Secret "corporate-ca"/,
    ask: serving(
      ({ good }) => good,
      ({ namesake }) => ({ tls: { trustedCertificates: [namesake.certificatePem] } }),
    ),
  },
  {
    name: 'a root that was sent along but is not trusted',
    reason: 'CertificateUntrusted',
    stage: 'Tls',
    says: /The chain ends at the root "CN=Corporate Root" \(SHA-256 [0-9A-F:]{95}\)/,
    advises: /Put the certificate \(PEM\) of "CN=Corporate Root" into Secret "corporate-ca"/,
    ask: serving(
      ({ good, ca }) => ({ ...good, chainPem: good.chainPem + ca.certificatePem }),
      ({ stranger }) => ({ tls: { trustedCertificates: [stranger.certificatePem] } }),
    ),
  },
  {
    name: 'an intermediate that the server forgot to send',
    reason: 'CertificateUntrusted',
    stage: 'Tls',
    says: /sent only its own certificate; the issuer "CN=Corporate Issuing CA" of "CN=localhost" was not sent/,
    advises: /If "CN=Corporate Issuing CA" is an intermediate, the server forgot to send it: install the full chain/,
    ask: serving(({ throughIntermediate }) => ({
      ...throughIntermediate,
      chainPem: throughIntermediate.certificatePem,
    })),
  },
  {
    name: 'a certificate that signed itself',
    reason: 'CertificateSelfSigned',
    stage: 'Tls',
    says: /"CN=localhost" \(SHA-256 [0-9A-F:]{95}\) signed itself/,
    advises: /put that certificate \(PEM\) into Secret "corporate-ca"/,
    ask: serving(({ selfSigned }) => selfSigned),
    also: reportsChain,
  },
  {
    name: 'an expired certificate',
    reason: 'CertificateExpired',
    stage: 'Tls',
    says: /"CN=localhost" expired on \d{4}-\d\d-\d\d/,
    advises: /Renew the certificate on the mail server/,
    ask: serving(({ expired }) => expired),
    also: (report) => {
      reportsChain(report);
      expect(Date.parse(report.tls?.notAfter ?? '')).toBeLessThan(Date.now());
    },
  },
  {
    name: 'a certificate that is not valid yet',
    reason: 'CertificateNotYetValid',
    stage: 'Tls',
    says: /is valid only from \d{4}/,
    advises: /clocks/,
    ask: serving(({ future }) => future),
  },
  {
    name: 'a certificate for another name',
    reason: 'HostnameMismatch',
    stage: 'Tls',
    says: /is for "elsewhere\.example\.com", not for "127\.0\.0\.1"/,
    advises:
      /Set spec\.host, or spec\.tls\.serverName, to a name of the certificate, such as "elsewhere\.example\.com"/,
    ask: serving(({ otherName }) => otherName),
    also: (report) => expect(report.tls?.names).toEqual(['elsewhere.example.com']),
  },
  {
    name: 'a name that stands in the common name only',
    reason: 'HostnameMismatch',
    stage: 'Tls',
    says: /has no subject alternative names/,
    advises: /subject alternative name "mail\.example\.com"/,
    ask: serving(
      ({ commonNameOnly }) => commonNameOnly,
      () => ({ tls: { serverName: 'mail.example.com' } }),
    ),
  },
  {
    name: 'a wildcard for one label does not cover two',
    reason: 'HostnameMismatch',
    stage: 'Tls',
    says: /not for "a\.b\.example\.com"/,
    advises: /spec\.tls\.serverName/,
    ask: serving(
      ({ wildcard }) => wildcard,
      () => ({ tls: { serverName: 'a.b.example.com' } }),
    ),
  },
  {
    name: 'a wildcard for part of a label does not count',
    reason: 'HostnameMismatch',
    stage: 'Tls',
    says: /not for "mail\.example\.org"/,
    advises: /spec\.tls\.serverName/,
    ask: serving(
      ({ wildcard }) => wildcard,
      () => ({ tls: { serverName: 'mail.example.org' } }),
    ),
  },
  {
    name: 'a certificate for clients only',
    reason: 'CertificateUnsuitable',
    stage: 'Tls',
    says: /is not for TLS servers/,
    advises: /server authentication/,
    ask: serving(({ forClients }) => forClients),
  },
  {
    name: 'a key that is too short',
    reason: 'CertificateUnsuitable',
    stage: 'Tls',
    says: /has a key of only 1024 bits \(RSA\)/,
    advises: /2048 bits/,
    ask: async ({ serve, certificates }) => ({
      port: (await serve(mailScript({ tls: { ...served(certificates.weakKey), ciphers: 'DEFAULT@SECLEVEL=0' } }))).port,
      tls: { ...trusting(certificates), mode: 'StartTls' },
    }),
  },
  {
    name: 'a signature that is too weak',
    reason: 'CertificateUnsuitable',
    stage: 'Tls',
    says: /is signed with .*sha1/i,
    advises: /signed with SHA-256 or better/,
    ask: serving(({ weakSignature }) => weakSignature),
  },
  {
    name: 'another key than the pinned one',
    reason: 'CertificatePinMismatch',
    stage: 'Tls',
    says: /No public key of the chain is pinned; the server's own is [A-Za-z0-9+/]{43}=/,
    advises: /pinnedSha256/,
    ask: serving(
      ({ good }) => good,
      ({ stranger }) => ({ tls: { pinnedSha256: [spkiSha256(new X509Certificate(stranger.certificatePem))] } }),
    ),
  },
  {
    name: 'no TLS version in common',
    reason: 'ProtocolVersionUnsupported',
    stage: 'Tls',
    says: /no TLS version in common .*At least TLS1\.3 is asked for/,
    advises: /lower spec\.tls\.minVersion/,
    ask: async ({ serve, certificates }) => ({
      port: (await serve(mailScript({ tls: { ...served(certificates.good), maxVersion: 'TLSv1.2' } }))).port,
      tls: { ...trusting(certificates), mode: 'StartTls', minVersion: 'TLSv1.3' },
    }),
  },
  ...(['TLSv1.2', 'TLSv1.3'] as const).map(
    (version): ReasonCase => ({
      name: `a server that asks for a client certificate (${version})`,
      reason: 'ClientCertificateRejected',
      stage: 'Tls',
      says: /client certificate/,
      advises: /spec\.tls\.clientCertificateSecretRef/,
      ask: async ({ serve, certificates }) => {
        const tls = {
          ...served(certificates.good),
          ca: certificates.ca.certificatePem,
          requestCert: true,
          minVersion: version,
          maxVersion: version,
        };
        return { port: (await serve(mailScript({ tls }))).port, tls: { ...trusting(certificates), mode: 'StartTls' } };
      },
    }),
  ),
  {
    name: 'a handshake that never ends',
    reason: 'HandshakeTimedOut',
    stage: 'Tls',
    says: /did not end within 0\.4 s/,
    advises: /raise spec\.connectionTimeout/,
    ask: async ({ serve }) => ({
      port: (await serve(startTlsThen(() => undefined))).port,
      connectionTimeout: 400,
      tls: { mode: 'StartTls' },
    }),
  },
  {
    name: 'no cipher suite in common',
    reason: 'HandshakeFailed',
    stage: 'Tls',
    says: /handshake failure/,
    advises: /cipher suites/,
    ask: async ({ serve, certificates }) => ({
      // An RSA-only suite with an ECDSA certificate suits nobody.
      port: (
        await serve(
          mailScript({ tls: { ...served(certificates.good), maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA256' } }),
        )
      ).port,
      tls: { ...trusting(certificates), mode: 'StartTls' },
    }),
  },
  {
    name: 'a connection that is closed in the handshake',
    reason: 'ConnectionClosed',
    stage: 'Tls',
    says: /closed the connection during the TLS handshake/,
    advises: /server log/,
    ask: async ({ serve }) => ({
      port: (await serve(startTlsThen((peer) => peer.socket.once('data', () => peer.end())))).port,
      tls: { mode: 'StartTls' },
    }),
  },
  {
    name: 'plain text where the handshake should be',
    reason: 'HandshakeFailed',
    stage: 'Tls',
    says: /What the server sent is no TLS/,
    advises: /TLS settings of the server/,
    ask: async ({ serve }) => ({
      port: (
        await serve(startTlsThen((peer) => peer.socket.once('data', () => peer.send('500 5.5.1 what was that?\r\n'))))
      ).port,
      tls: { mode: 'StartTls' },
    }),
  },
];

/** Agrees to STARTTLS, and then does this. */
function startTlsThen(next: (peer: Peer) => unknown): Script {
  return async (peer) => {
    peer.send('220 hello\r\n');
    await peer.line();
    peer.send('250-mx.example.com\r\n250 STARTTLS\r\n');
    await peer.line();
    peer.send('220 go ahead\r\n');
    next(peer);
  };
}
