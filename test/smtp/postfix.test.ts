// The probe against a real Postfix with Dovecot SASL: what it reports, and what Postfix has to say about its manners.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import type { ProbeDepth, ProbeReport } from '../../src/api/smtp-relay.ts';
import { probe } from '../../src/smtp/probe.ts';
import type { RelayTarget, TargetAuth } from '../../src/smtp/relay-target.ts';
import { debianPackages } from '../servers/debian-packages.ts';
import { type Postfix, startPostfix } from '../servers/postfix.ts';
import { noTokens } from './probing.ts';

const packages = await debianPackages(['postfix', 'dovecot-core']);
if (packages.kind === 'missing') console.warn(packages.why);

const authority = await createAuthority({ name: 'Postfix Test CA' });
const otherAuthority = await createAuthority({ name: 'Other CA' });
const password = 'a pass, word: with "everything" ☃';

describe.skipIf(packages.kind === 'missing')('a probe of a real Postfix', { timeout: 60_000 }, () => {
  let postfix: Postfix;

  beforeAll(async () => {
    postfix = await startPostfix({
      certificate: await authority.issue({ dnsNames: ['localhost', 'mail.example.com'] }),
      logins: [{ username: 'relay@example.com', password }],
      mailboxes: ['box@example.com'],
      senderReplies: { 'blocked@example.com': '554 5.7.1 Not from you' },
      recipientReplies: {
        'grey@example.com': '450 4.2.0 Greylisted, see https://postgrey.example/',
        'full@example.com': '452 4.2.2 Mailbox full',
      },
      senderLogins: { 'relay@example.com': 'relay@example.com', 'boss@example.com': 'boss@example.com' },
      main: { message_size_limit: '20000' },
    });
  }, 120_000);
  afterAll(async () => await postfix?.stop(), 60_000);

  /** Probes, then waits until Postfix has logged that the connection is over; gives what it logged. */
  async function observed(depth: ProbeDepth, target: RelayTarget): Promise<{ report: ProbeReport; log: string }> {
    const before = (await postfix.log()).length;
    const tokens = noTokens;
    const report = await probe({ target, depth }, { now: Date.now, signal: AbortSignal.timeout(50_000), tokens });
    const deadline = Date.now() + 20_000;
    for (;;) {
      const log = (await postfix.log()).slice(before);
      if (log.includes(' disconnect from ')) return { report, log };
      if (Date.now() > deadline) throw new Error(`Postfix did not log the end of the connection:\n${log}`);
      await delay(20);
    }
  }

  const login = (more: Partial<TargetAuth> = {}): TargetAuth => ({
    mechanism: 'Auto',
    username: 'relay@example.com',
    secret: { kind: 'password', password },
    allowUnencrypted: false,
    from: 'Secret "login"',
    held: undefined,
    ...more,
  });
  const target = (port: number, more: Partial<RelayTarget> = {}): RelayTarget => ({
    host: 'localhost',
    port,
    addressFamily: 'Any',
    connectionTimeout: 20_000,
    deliveryTimeouts: { command: 20_000, dataEnd: 20_000 },
    ehloName: 'relaykeeper.example.com',
    tls: tls(),
    auth: undefined,
    senders: ['relay@example.com'],
    recipient: 'box@example.com',
    certificateWarningDays: 21,
    addressRule: { deniedCidrs: [] },
    ...more,
  });
  const tls = (more: Partial<RelayTarget['tls']> = {}): RelayTarget['tls'] => ({
    mode: 'StartTls',
    trustedCertificates: [authority.certificatePem],
    trustedFrom: 'Secret "ca" key "ca.crt"',
    includeSystemRoots: false,
    serverName: undefined,
    minVersion: 'TLSv1.2',
    pinnedSha256: [],
    clientCertificate: undefined,
    ...more,
  });
  const smtp = (more?: Partial<RelayTarget>) => target(postfix.smtpPort, more);
  const submission = (more?: Partial<RelayTarget>) => target(postfix.submissionPort, { auth: login(), ...more });
  const smtps = (more?: Partial<RelayTarget>) =>
    target(postfix.smtpsPort, { auth: login(), tls: tls({ mode: 'Implicit' }), ...more });

  interface Case {
    readonly depth: ProbeDepth;
    readonly target: () => RelayTarget;
    readonly report: object;
    /** What Postfix logs of it. */
    readonly log?: RegExp;
  }

  test.each<[string, Case]>([
    [
      'reaches port 25 in plain text',
      { depth: 'Connect', target: () => smtp({ tls: tls({ mode: 'None' }) }), report: { outcome: 'Succeeded' } },
    ],
    [
      'reaches it over IPv4 alone',
      { depth: 'Tls', target: () => smtp({ addressFamily: 'IPv4' }), report: { outcome: 'Succeeded' } },
    ],
    [
      'reaches it by address, with a name to verify',
      {
        depth: 'Tls',
        target: () => smtp({ host: '127.0.0.1', tls: tls({ serverName: 'mail.example.com' }) }),
        report: { outcome: 'Succeeded', tls: { verified: true, protocol: 'TLSv1.3' } },
      },
    ],
    [
      'logs in with PLAIN after STARTTLS',
      {
        depth: 'Auth',
        target: () => submission(),
        report: { outcome: 'Succeeded', mechanism: 'PLAIN', tls: { verified: true } },
        log: / auth=1 /,
      },
    ],
    [
      'logs in with LOGIN over implicit TLS',
      {
        depth: 'Auth',
        target: () => smtps({ auth: login({ mechanism: 'Login' }) }),
        report: { outcome: 'Succeeded', mechanism: 'LOGIN' },
        log: / auth=1 /,
      },
    ],
    [
      'is refused with a wrong password',
      {
        depth: 'Auth',
        target: () => submission({ auth: login({ secret: { kind: 'password', password: 'wrong' } }) }),
        report: {
          outcome: 'Failed',
          failedStage: 'Auth',
          reason: 'AuthenticationFailed',
          replyCode: 535,
          enhancedCode: '5.7.8',
        },
        log: /SASL PLAIN authentication failed/,
      },
    ],
    [
      'is refused with a wrong password by LOGIN',
      {
        depth: 'Auth',
        target: () => smtps({ auth: login({ mechanism: 'Login', secret: { kind: 'password', password: 'wrong' } }) }),
        report: { failedStage: 'Auth', reason: 'AuthenticationFailed', replyCode: 535 },
        log: /SASL LOGIN authentication failed/,
      },
    ],
    [
      'finds no login on port 25',
      {
        depth: 'Auth',
        target: () => smtp({ auth: login() }),
        report: { failedStage: 'Auth', reason: 'AuthNotOffered' },
      },
    ],
    [
      'finds a mechanism not offered',
      {
        depth: 'Auth',
        target: () => submission({ auth: login({ mechanism: 'CramMd5' }) }),
        report: { failedStage: 'Auth', reason: 'MechanismNotOffered' },
      },
    ],
    [
      'does not trust an unknown CA, and reports its chain',
      {
        depth: 'Auth',
        target: () => submission({ tls: tls({ trustedCertificates: [otherAuthority.certificatePem] }) }),
        report: {
          failedStage: 'Tls',
          reason: 'CertificateUntrusted',
          message: expect.stringContaining('Postfix Test CA'),
          tls: { verified: false, issuer: expect.stringContaining('Postfix Test CA') },
        },
      },
    ],
    [
      'does not trust an unknown CA over implicit TLS',
      {
        depth: 'Auth',
        target: () => smtps({ tls: tls({ mode: 'Implicit', trustedCertificates: [otherAuthority.certificatePem] }) }),
        report: { failedStage: 'Tls', reason: 'CertificateUntrusted', tls: { verified: false } },
      },
    ],
    [
      'notices a wrong host name, and says the right ones',
      {
        depth: 'Auth',
        target: () => submission({ tls: tls({ serverName: 'smtp.example.net' }) }),
        report: {
          failedStage: 'Tls',
          reason: 'HostnameMismatch',
          message: expect.stringContaining('mail.example.com'),
        },
      },
    ],
    [
      'is told to use STARTTLS where it does not',
      {
        depth: 'Envelope',
        target: () => submission({ auth: undefined, tls: tls({ mode: 'None' }) }),
        report: { outcome: 'Failed', reason: 'EncryptionRequired', replyCode: 530 },
      },
    ],
    [
      'has its sender and a local recipient accepted',
      {
        depth: 'Envelope',
        target: () => smtp(),
        report: { outcome: 'Succeeded', senders: [{ address: 'relay@example.com', outcome: 'Succeeded' }] },
        log: / mail=1 rcpt=1 /,
      },
    ],
    [
      'may relay to others once logged in',
      {
        depth: 'Envelope',
        target: () => submission({ recipient: 'someone@elsewhere.example' }),
        report: { outcome: 'Succeeded' },
      },
    ],
    [
      'may not relay to others without login',
      {
        depth: 'Envelope',
        target: () => smtp({ recipient: 'someone@elsewhere.example' }),
        report: { failedStage: 'Envelope', reason: 'RelayDenied', replyCode: 554, enhancedCode: '5.7.1' },
      },
    ],
    [
      'notices a recipient that does not exist',
      {
        depth: 'Envelope',
        target: () => smtp({ recipient: 'nobody@example.com' }),
        report: { failedStage: 'Envelope', reason: 'RecipientRejected', replyCode: 550, enhancedCode: '5.1.1' },
      },
    ],
    [
      'notices a sender that another login owns',
      {
        depth: 'Envelope',
        target: () => submission({ senders: ['boss@example.com'] }),
        report: { failedStage: 'Envelope', reason: 'SenderRejected', replyCode: 553, enhancedCode: '5.7.1' },
      },
    ],
    [
      'notices a blocked sender, though Postfix says so only after RCPT, and tries the others',
      {
        depth: 'Envelope',
        target: () => smtp({ senders: ['blocked@example.com', 'relay@example.com'] }),
        report: {
          failedStage: 'Envelope',
          reason: 'SenderRejected',
          senders: [
            { address: 'blocked@example.com', outcome: 'Failed', reason: 'SenderRejected' },
            { address: 'relay@example.com', outcome: 'Succeeded' },
          ],
        },
      },
    ],
    [
      'recognises greylisting',
      {
        depth: 'Envelope',
        target: () => smtp({ recipient: 'grey@example.com' }),
        report: { failedStage: 'Envelope', reason: 'Greylisted', replyCode: 450 },
      },
    ],
    [
      'recognises a full mailbox',
      {
        depth: 'Envelope',
        target: () => smtp({ recipient: 'full@example.com' }),
        report: { failedStage: 'Envelope', reason: 'MailboxUnavailable', replyCode: 452 },
      },
    ],
    [
      'is refused for greeting with a bare name, and told so',
      {
        depth: 'Envelope',
        target: () => smtp({ ehloName: 'pod-7f9c' }),
        report: { reason: 'EhloRejected', replyCode: 504, message: expect.stringContaining('pod-7f9c') },
      },
    ],
    [
      'is accepted when it greets with an address literal',
      { depth: 'Envelope', target: () => smtp({ ehloName: undefined }), report: { outcome: 'Succeeded' } },
    ],
  ])('%s', async (_name, wanted) => {
    const { report, log } = await observed(wanted.depth, wanted.target());
    expect(report).toMatchObject(wanted.report);
    if (wanted.log) expect(log).toMatch(wanted.log);
    expectGoodManners(log);
    expect(JSON.stringify(report)).not.toContain(password);
  });

  test('a test message arrives as it was sent', async () => {
    const { report, log } = await observed('Message', submission());
    expect(report).toMatchObject({ outcome: 'Succeeded', reason: 'Succeeded' });
    expectGoodManners(log);
    const [message] = await arrived('box@example.com', 1);
    expect(message).toMatch(/^Return-Path: <relay@example\.com>$/m);
    expect(message).toMatch(/^From: .*relay@example\.com/m);
    expect(message).toMatch(/^To: .*box@example\.com/m);
    expect(message).toMatch(/^Message-ID: <.+@.+>$/im);
    expect(message).toMatch(/^Received: from relaykeeper\.example\.com \(.*\n(?:[ \t].*\n)*?.*with ESMTPSA/m);
  });

  /** Waits until the mailbox holds so many messages. */
  async function arrived(mailbox: string, count: number): Promise<readonly string[]> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const messages = await postfix.messages(mailbox);
      if (messages.length >= count) return messages;
      if (Date.now() > deadline) throw new Error(`no message in ${mailbox}:\n${await postfix.log()}`);
      await delay(20);
    }
  }
});

/** What an administrator would see of the probe every five minutes. */
function expectGoodManners(log: string): void {
  expect(log).not.toMatch(
    /lost connection|timeout after|improper command pipelining|non-SMTP command|SSL_accept error/,
  );
  expect(log).toMatch(/disconnect from .* quit=1/);
}
