import { expect } from 'vitest';
import type { Reason } from '../../../src/api/reasons.ts';
import type { ProbeDepth } from '../../../src/api/smtp-relay.ts';
import { mailScript } from '../mail-script.ts';
import type { ReasonCase } from './reason-case.ts';

function refusing(
  verb: string,
  reply: string,
  expected: { reason: Reason; advises: RegExp; depth?: ProbeDepth },
): ReasonCase {
  const stage = verb === 'MAIL' || verb === 'RCPT' ? 'Envelope' : 'Data';
  return {
    name: `${verb === '.' ? 'the message' : verb} answered by "${reply}"`,
    reason: expected.reason,
    stage,
    says: new RegExp(reply.slice(0, 9).replaceAll('.', '\\.')),
    advises: expected.advises,
    ask: async ({ serve }) => ({
      port: (await serve(mailScript({ on: { [verb]: `${reply}\r\n` } }))).port,
      depth: expected.depth ?? 'Message',
    }),
    also: (report) => {
      expect(report.replyCode).toBe(Number(reply.slice(0, 3)));
      expect(report.transcript?.at(-1)).toBe('S: 221 2.0.0 bye');
    },
  };
}

export const mailCases: readonly ReasonCase[] = [
  refusing('MAIL', '530 5.7.0 Must issue a STARTTLS command first', {
    reason: 'EncryptionRequired',
    advises: /spec\.tls\.mode/,
  }),
  refusing('MAIL', '530 5.7.0 Authentication required', { reason: 'AuthenticationRequired', advises: /spec\.auth/ }),
  refusing('MAIL', '550 5.1.8 Sender address rejected', { reason: 'SenderRejected', advises: /sender/ }),
  refusing('RCPT', '550 5.1.1 no such user', { reason: 'RecipientRejected', advises: /Check the address/ }),
  refusing('RCPT', '554 5.7.1 Relay access denied', { reason: 'RelayDenied', advises: /spec\.auth|relay/ }),
  refusing('MAIL', '552 5.3.4 Message size exceeds fixed limit', { reason: 'MessageTooLarge', advises: /limit/ }),
  refusing('RCPT', '452 4.2.2 mailbox full', { reason: 'MailboxUnavailable', advises: /mailbox/ }),
  refusing('MAIL', '452 4.5.3 too many messages in this hour', { reason: 'RateLimited', advises: /spec\.limits/ }),
  refusing('RCPT', '450 4.2.0 Greylisted, come back', { reason: 'Greylisted', advises: /Wait/ }),
  refusing('DATA', '554 5.7.1 not now', { reason: 'ContentRejected', advises: /SPF, DKIM/ }),
  refusing('.', '550 5.7.1 looks like spam', { reason: 'ContentRejected', advises: /content filter/ }),
  {
    name: 'a server that is gone after MAIL',
    reason: 'ConnectionClosed',
    stage: 'Envelope',
    says: /where the reply to RCPT TO was expected/,
    advises: /server log/,
    ask: async ({ serve }) => {
      const server = await serve(async (peer, connection) => {
        const hangUp = () => {
          peer.end();
          return '';
        };
        await mailScript({ on: { RCPT: hangUp } })(peer, connection);
      });
      return { port: server.port };
    },
  },
  {
    name: 'an address that would become another command',
    reason: 'CombinationInvalid',
    stage: 'Envelope',
    says: /is no mail address/,
    advises: /spec\.probe\.recipient/,
    ask: async ({ serve, after }) => {
      const server = await serve(mailScript());
      after(async () => expect(server.received.join()).not.toContain('MAIL'));
      return { port: server.port, recipient: 'a@example.com>\r\nRCPT TO:<b@example.com' };
    },
  },
  {
    name: 'a sender outside ASCII at a server without SMTPUTF8',
    reason: 'SenderRejected',
    stage: 'Envelope',
    says: /does not offer SMTPUTF8/,
    advises: /ASCII/,
    ask: async ({ serve }) => ({ port: (await serve(mailScript())).port, senders: ['bücher@example.com'] }),
  },
];
