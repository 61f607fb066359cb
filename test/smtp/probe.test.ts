// Probes that succeed, and what a probe does whatever happens.

import { X509Certificate } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeDepth } from '../../src/api/smtp-relay.ts';
import type { StageEvent } from '../../src/smtp/probe.ts';
import { spkiSha256 } from '../../src/smtp/trust/peer-chain.ts';
import { type Certificates, makeCertificates, served } from './certificates.ts';
import { startDnsServer } from './dns-server.ts';
import { type HostileServer, type Script, startHostileServer } from './hostile-server.ts';
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

async function serve(script: Script): Promise<HostileServer> {
  const server = await startHostileServer(script);
  stops.push(server.stop);
  return server;
}

function trusting(): NonNullable<Asked['tls']> {
  return { mode: 'StartTls', trustedCertificates: [certificates.ca.certificatePem], trustedFrom: 'Secret "ca"' };
}

const capabilities = ['AUTH LOGIN PLAIN', 'SIZE 1000', 'SMTPUTF8'];

describe('a probe that succeeds', () => {
  test.each<{ depth: ProbeDepth; stages: string[]; message: RegExp }>([
    {
      depth: 'Connect',
      stages: ['Resolve', 'Connect', 'Greeting', 'Ehlo'],
      message: /^Successfully connected to 127\.0\.0\.1:\d+$/,
    },
    {
      depth: 'Tls',
      stages: ['Resolve', 'Connect', 'Greeting', 'Ehlo', 'StartTls', 'Tls'],
      message: /, STARTTLS TLSv1\.3$/,
    },
    {
      depth: 'Auth',
      stages: ['Resolve', 'Connect', 'Greeting', 'Ehlo', 'StartTls', 'Tls', 'Auth'],
      message: /, logged in with PLAIN$/,
    },
    {
      depth: 'Envelope',
      stages: ['Resolve', 'Connect', 'Greeting', 'Ehlo', 'StartTls', 'Tls', 'Auth', 'Envelope'],
      message: /, sender accepted$/,
    },
    {
      depth: 'Message',
      stages: ['Resolve', 'Connect', 'Greeting', 'Ehlo', 'StartTls', 'Tls', 'Auth', 'Envelope', 'Data'],
      message: /, test message accepted: 250 2\.0\.0 queued as 4B2A$/,
    },
  ])('goes as far as $depth, and no further', async ({ depth, stages, message }) => {
    const { port } = await serve(mailScript({ capabilities, tls: served(certificates.good) }));
    const events: StageEvent[] = [];
    const report = await runProbe({
      port,
      depth,
      auth: {},
      tls: trusting(),
      deps: { onStage: (event) => events.push(event) },
    });
    expect(report).toMatchObject({
      outcome: 'Succeeded',
      reason: 'Succeeded',
      depth,
      capabilities: expect.arrayContaining(['SIZE 1000']),
    });
    expect(report.message).toMatch(message);
    expect(report.failedStage).toBeUndefined();
    expect(events.filter(({ state }) => state === 'passed').map(({ stage }) => stage)).toEqual(stages);
    expect(report.transcript?.slice(-2)).toEqual(['C: QUIT', 'S: 221 2.0.0 bye']);
  });

  test('with TLS from the first byte', async () => {
    const { port } = await serve(mailScript({ capabilities, tls: served(certificates.good), implicit: true }));
    const report = await runProbe({ port, depth: 'Connect', tls: { ...trusting(), mode: 'Implicit' } });
    expect(report).toMatchObject({ outcome: 'Succeeded', tls: { verified: true } });
    expect(report.message).toContain('implicit TLSv1.3');
  });

  test('says who the server is by name where the address alone does not tell', async () => {
    const { port } = await serve(mailScript());
    const dns = await startDnsServer({ 'mail.example.com': ['127.0.0.1'] });
    stops.push(dns.stop);
    const report = await runProbe({
      host: 'mail.example.com',
      port,
      depth: 'Connect',
      deps: { dnsServers: [dns.address] },
    });
    expect(report.message).toBe(`Successfully connected to mail.example.com:${port} (127.0.0.1)`);
    expect(report.address).toBe(`127.0.0.1:${port}`);
  });

  test('never shows a credential, however the login goes', async () => {
    for (const mechanism of ['Plain', 'Login', 'CramMd5'] as const) {
      const challenge = Buffer.from('<1896.697170952@mx.example.com>').toString('base64');
      let rounds = 0;
      const script = mailScript({
        capabilities: ['AUTH PLAIN LOGIN CRAM-MD5'],
        tls: served(certificates.good),
        on: { AUTH: (line) => (line.startsWith('AUTH PLAIN ') ? '235 ok\r\n' : `334 ${challenge}\r\n`) },
        otherwise: () => (mechanism === 'Login' && rounds++ === 0 ? '334 \r\n' : '235 ok\r\n'),
      });
      const { port } = await serve(script);
      const report = await runProbe({ port, depth: 'Auth', auth: { mechanism }, tls: trusting() });
      expect(report).toMatchObject({
        outcome: 'Succeeded',
        mechanism: expect.stringMatching(/^(PLAIN|LOGIN|CRAM-MD5)$/),
      });
      expect(report.transcript?.join('\n')).toMatch(/C: (AUTH PLAIN )?<redacted>/);
      expect(JSON.stringify(report)).not.toMatch(/sesame|c2VzYW1l|dXNlckBleGFtcGxl/);
    }
  });

  test('sends a message that is one, and that no vacation notice answers', async () => {
    let message = '';
    const onMessage = (text: string) => {
      message = text;
    };
    const { port } = await serve(mailScript({ onMessage }));
    await runProbe({ port, deps: { now: () => Date.UTC(2026, 10, 24, 10), randomId: () => 'fixed' } });
    expect(message).toMatch(/^Date: Tue, 24 Nov 2026 10:00:00 \+0000\r\n/);
    expect(message).toContain('\r\nMessage-ID: <fixed@example.com>\r\n');
    expect(message).toContain('\r\nFrom: <sender@example.com>\r\nTo: <recipient@example.com>\r\n');
    expect(message).toContain('\r\nAuto-Submitted: auto-generated\r\n');
  });

  test('asks for SMTPUTF8 only where an address needs it, and writes domains in A-labels', async () => {
    const server = await serve(mailScript({ capabilities: ['SMTPUTF8'] }));
    await runProbe({
      port: server.port,
      depth: 'Envelope',
      senders: ['bücher@bücher.example', 'plain@bücher.example'],
    });
    const said = Buffer.from(server.received.join(''), 'latin1').toString('utf8');
    expect(said).toContain('MAIL FROM:<bücher@xn--bcher-kva.example> SMTPUTF8\r\n');
    expect(said).toContain('MAIL FROM:<plain@xn--bcher-kva.example>\r\n');
  });

  test('trusts a pinned key of the server, of an intermediate or of a root that the server does not send', async () => {
    const { port } = await serve(mailScript({ tls: served(certificates.throughIntermediate) }));
    const { throughIntermediate, intermediate, ca } = certificates;
    const pins = [throughIntermediate, intermediate, ca].map(({ certificatePem }) => certificatePem);
    for (const pem of pins) {
      const pinnedSha256 = [spkiSha256(new X509Certificate(pem))];
      const report = await runProbe({ port, depth: 'Tls', tls: { ...trusting(), pinnedSha256 } });
      expect(report.outcome).toBe('Succeeded');
      // The root is pinned and trusted, but status shows what the server sent.
      expect(report.tls?.chain).toHaveLength(2);
    }
  });

  test('trusts an intermediate that the spec names, without its root', async () => {
    const { port } = await serve(mailScript({ tls: served(certificates.throughIntermediate) }));
    const tls = { ...trusting(), trustedCertificates: [certificates.intermediate.certificatePem] };
    expect(await runProbe({ port, depth: 'Tls', tls })).toMatchObject({ outcome: 'Succeeded' });
  });

  test('trusts a self-signed certificate that the spec names', async () => {
    const { port } = await serve(mailScript({ tls: served(certificates.selfSigned) }));
    const tls = { ...trusting(), trustedCertificates: [certificates.selfSigned.certificatePem] };
    expect(await runProbe({ port, depth: 'Tls', tls })).toMatchObject({ outcome: 'Succeeded' });
  });

  test('presents its client certificate where the server asks for one', async () => {
    const tls = { ...served(certificates.good), ca: certificates.ca.certificatePem, requestCert: true };
    const { port } = await serve(mailScript({ tls }));
    const { certificatePem: certificate, privateKeyPem: privateKey } = certificates.client;
    const report = await runProbe({ port, tls: { ...trusting(), clientCertificate: { certificate, privateKey } } });
    expect(report).toMatchObject({ outcome: 'Succeeded' });
  });
});

describe('of several senders', () => {
  const onlyOne = (line: string) => (line.includes('<good@') ? '250 2.1.0 fine\r\n' : '550 5.1.8 not you\r\n');

  test('each is tried, though one is refused', async () => {
    const server = await serve(mailScript({ on: { MAIL: onlyOne } }));
    const senders = ['bad@example.com', 'good@example.com', 'worse@example.com'];
    const report = await runProbe({ port: server.port, depth: 'Envelope', senders });
    const refused = { outcome: 'Failed', reason: 'SenderRejected', reply: '550 5.1.8 not you' };
    expect(report.senders).toEqual([
      { address: 'bad@example.com', ...refused },
      { address: 'good@example.com', outcome: 'Succeeded' },
      { address: 'worse@example.com', ...refused },
    ]);
    expect(report).toMatchObject({
      reason: 'SenderRejected',
      message: expect.stringContaining('2 of 3 senders failed'),
    });
    expect(server.received[0]?.match(/RCPT TO/g)).toHaveLength(1);
    expect(server.received[0]?.match(/RSET/g)).toHaveLength(3);
  });

  test('no more are tried once the server says 421', async () => {
    const server = await serve(mailScript({ on: { MAIL: '421 mx.example.com closing\r\n' } }));
    const report = await runProbe({
      port: server.port,
      depth: 'Envelope',
      senders: ['a@example.com', 'b@example.com'],
    });
    expect(report).toMatchObject({ outcome: 'Failed', reason: 'ServiceUnavailable', replyCode: 421 });
    expect(report.senders).toHaveLength(1);
  });
});

describe('a report stays within its bounds', () => {
  test('when a server says as much as it can', async () => {
    const long = `${'"<>ü\x1b'.repeat(50)}`;
    const lines = Array.from({ length: 99 }, () => `250-${long}\r\n`).join('');
    const refusal = `${Array.from({ length: 99 }, () => `550-5.7.1 ${long}\r\n`).join('')}550 5.7.1 end\r\n`;
    const { port } = await serve(mailScript({ on: { EHLO: `${lines}250 SIZE\r\n`, MAIL: refusal } }));
    const report = await runProbe({ port });
    expect(report).toMatchObject({ outcome: 'Failed', failedStage: 'Envelope', replyCode: 550 });
    expect(Buffer.byteLength(report.message)).toBeLessThanOrEqual(1024);
    expect(report.message).toMatch(/\.$/); // the remedy is whole
    expect(report.capabilities).toHaveLength(32);
    expect(report.transcript?.length).toBeLessThanOrEqual(40);
    expect(Buffer.byteLength(JSON.stringify(report.transcript))).toBeLessThanOrEqual(6_144);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none must be left
    expect(JSON.stringify(report)).not.toMatch(/[\x00-\x1f]|\\u001b/);
  });
});
