import { expect } from 'vitest';
import { startHttpListener } from '../../../demo/other-listeners.ts';
import { served } from '../certificates.ts';
import { mailScript } from '../mail-script.ts';
import type { ReasonCase } from './reason-case.ts';

const quick = 400;

function speaks(protocol: string, firstLine: string): ReasonCase {
  return {
    name: `a port that speaks ${protocol}`,
    reason: 'NotAnSmtpServer',
    stage: 'Greeting',
    says: new RegExp(`speaks ${protocol}, not SMTP`),
    advises: /Correct spec\.port: 587/,
    ask: async (world) => ({ port: (await world.serve((peer) => peer.send(firstLine))).port }),
    also: (report) => expect(report.transcript).toEqual([`S: <speaks ${protocol}>`]),
  };
}

export const talkCases: readonly ReasonCase[] = [
  speaks('SSH', 'SSH-2.0-OpenSSH_9.9\r\n'),
  speaks('IMAP', '* OK [CAPABILITY IMAP4rev1] ready\r\n'),
  speaks('POP3', '+OK ready <1896.697170952@mail.example.com>\r\n'),
  speaks('HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'),
  {
    name: 'a web server, which says nothing before it is asked',
    reason: 'NotAnSmtpServer',
    stage: 'Greeting',
    says: /speaks HTTP, not SMTP/,
    advises: /Correct spec\.port/,
    ask: async (world) => {
      const { port, stop } = await startHttpListener();
      world.after(stop);
      return { port, connectionTimeout: quick };
    },
    also: (report) => expect(JSON.stringify(report)).not.toContain('web server.'),
  },
  {
    name: 'a web server over TLS',
    reason: 'NotAnSmtpServer',
    stage: 'Greeting',
    says: /speaks HTTP inside TLS/,
    advises: /Correct spec\.port/,
    ask: async ({ serve, certificates: { ca, good } }) => {
      const { port } = await serve(async (plain) => {
        const peer = await plain.secure(served(good));
        if (await peer?.line()) peer?.send('HTTP/1.1 200 OK\r\n\r\nhidden');
      });
      return { port, connectionTimeout: quick, tls: { mode: 'Implicit', trustedCertificates: [ca.certificatePem] } };
    },
    also: (report) => expect(JSON.stringify(report)).not.toContain('hidden'),
  },
  {
    name: 'an FTP server, which greets like SMTP',
    reason: 'NotAnSmtpServer',
    stage: 'Ehlo',
    says: /speaks FTP/,
    advises: /Correct spec\.port/,
    ask: async ({ serve }) => ({
      port: (
        await serve(
          mailScript({
            greeting: '220 (vsFTPd 3.0.5)\r\n',
            on: { EHLO: '530 Please login.\r\n', HELO: '530 Please login.\r\n' },
          }),
        )
      ).port,
    }),
  },
  {
    name: 'a server that takes no mail now',
    reason: 'ServiceUnavailable',
    stage: 'Greeting',
    says: /421 4\.3\.2 .*shutting down/,
    advises: /Read the reply|not overloaded/,
    ask: async ({ serve }) => ({
      port: (
        await serve((peer) => {
          peer.send('421 4.3.2 shutting down\r\n');
          peer.end();
        })
      ).port,
    }),
    also: (report) => expect(report).toMatchObject({ replyCode: 421, enhancedCode: '4.3.2' }),
  },
  {
    name: 'a server that takes no mail from this client',
    reason: 'ServiceUnavailable',
    stage: 'Greeting',
    says: /554 .*No SMTP service here/,
    advises: /accepts connections from the operator/,
    ask: async ({ serve }) => ({ port: (await serve(mailScript({ greeting: '554 No SMTP service here\r\n' }))).port }),
  },
  {
    name: 'a server that never greets',
    reason: 'GreetingTimedOut',
    stage: 'Greeting',
    says: /accepted the connection, but did not answer within 0\.4 s/,
    advises: /Raise spec\.connectionTimeout/,
    ask: async ({ serve }) => ({ port: (await serve(() => undefined)).port, connectionTimeout: quick }),
  },
  {
    name: 'a greeting that drips a byte at a time',
    reason: 'GreetingTimedOut',
    stage: 'Greeting',
    says: /did not complete its reply within 0\.4 s/,
    advises: /check the server/,
    ask: async ({ serve }) => ({
      connectionTimeout: quick,
      port: (
        await serve((peer) => {
          const drip = setInterval(() => peer.send('2'), 40);
          void peer.closed.then(() => clearInterval(drip));
        })
      ).port,
    }),
  },
  {
    name: 'a plain client on a TLS port',
    reason: 'ImplicitTlsExpected',
    stage: 'Greeting',
    says: /waits for TLS from the first byte; spec\.tls\.mode StartTls starts in plain text/,
    advises: /Set spec\.tls\.mode to Implicit/,
    ask: async ({ serve, certificates: { good } }) => ({
      port: (await serve(mailScript({ tls: served(good), implicit: true }))).port,
      connectionTimeout: quick,
      tls: { mode: 'StartTls' },
    }),
  },
  {
    name: 'a server that refuses EHLO and HELO',
    reason: 'EhloRejected',
    stage: 'Ehlo',
    says: /550 .*name not welcome/,
    advises: /spec\.ehloName/,
    ask: async ({ serve }) => ({
      port: (await serve(mailScript({ on: { EHLO: '502 what\r\n', HELO: '550 name not welcome\r\n' } }))).port,
    }),
  },
  {
    name: 'a server that hangs up instead of greeting',
    reason: 'ConnectionClosed',
    stage: 'Greeting',
    says: /closed the connection without a reply where a greeting was expected/,
    advises: /Check the server log/,
    ask: async ({ serve }) => ({ port: (await serve((peer) => peer.end())).port }),
  },
  {
    name: 'a server that hangs up in the middle of a reply',
    reason: 'ConnectionClosed',
    stage: 'Ehlo',
    says: /in the middle of a reply where the reply to EHLO was expected/,
    advises: /Check the server log/,
    ask: async ({ serve }) => ({
      port: (
        await serve(async (peer) => {
          peer.send('220 hello\r\n');
          await peer.line();
          peer.send('250-half');
          peer.end();
        })
      ).port,
    }),
  },
  {
    name: 'a connection that is reset',
    reason: 'ConnectionReset',
    stage: 'Ehlo',
    says: /reset the connection \(ECONNRESET\)/,
    advises: /firewall or proxy between/,
    ask: async ({ serve }) => ({
      port: (
        await serve(async (peer) => {
          peer.send('220 hello\r\n');
          await peer.line();
          peer.reset();
        })
      ).port,
    }),
  },
  {
    name: 'a command without an answer',
    reason: 'ReplyTimedOut',
    stage: 'Ehlo',
    says: /did not answer within 0\.4 s where the reply to EHLO was expected/,
    advises: /raise spec\.connectionTimeout/,
    ask: async ({ serve }) => ({
      port: (await serve((peer) => peer.send('220 hello\r\n'))).port,
      connectionTimeout: quick,
    }),
  },
  ...violations(),
];

function violations(): ReasonCase[] {
  const after220 = (name: string, says: RegExp, reply: string | (() => string)): ReasonCase => ({
    name,
    reason: 'ProtocolError',
    stage: 'Ehlo',
    says,
    advises: /Check that host and port are those of a mail server/,
    ask: async ({ serve }) => ({
      port: (
        await serve(async (peer) => {
          peer.send('220 hello\r\n');
          await peer.line();
          peer.send(typeof reply === 'string' ? reply : reply());
        })
      ).port,
    }),
    also: (report) => expect(JSON.stringify(report).length).toBeLessThan(8_192),
  });
  return [
    after220('a line without end', /a line of more than 4096 bytes/, () => `250 ${'x'.repeat(10_000_000)}\r\n`),
    after220('a reply without end', /a reply of more than 100 lines/, () => '250-more\r\n'.repeat(100_000)),
    after220('a bare CR', /a line with a bare CR/, '250-one\r250 two\r\n'),
    after220('a NUL byte', /a line with a NUL byte/, '250 on\0e\r\n'),
    after220('words without a code', /a line that does not start with a reply code/, 'hello there\r\n'),
    after220('lines with different codes', /lines have different codes/, '250-one\r\n251 two\r\n'),
    after220(
      'an answer that is no answer to EHLO',
      /answered EHLO with "354 go on" where 250 was expected/,
      '354 go on\r\n',
    ),
    {
      name: 'replies to commands that were never sent',
      reason: 'ProtocolError',
      stage: 'Ehlo',
      says: /sent more replies than it was sent commands/,
      advises: /what stands between/,
      ask: async ({ serve }) => ({ port: (await serve((peer) => peer.send('220 hello\r\n250 to what?\r\n'))).port }),
    },
  ];
}
