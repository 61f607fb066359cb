// Sessions with a real Postfix: several messages on one, results for each recipient, what arrives, and what Postfix has to
// say about our manners.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../../../demo/authority.ts';
import type { Session } from '../../../src/smtp/session/session.ts';
import { debianPackages } from '../../servers/debian-packages.ts';
import { type Postfix, startPostfix } from '../../servers/postfix.ts';
import { mail, open } from './sending.ts';

const packages = await debianPackages(['postfix', 'dovecot-core']);
if (packages.kind === 'missing') console.warn(packages.why);

const authority = await createAuthority({ name: 'Postfix Test CA' });

describe.skipIf(packages.kind === 'missing')('a session with a real Postfix', { timeout: 60_000 }, () => {
  let postfix: Postfix;

  beforeAll(async () => {
    postfix = await startPostfix({
      certificate: await authority.issue({ dnsNames: ['localhost', 'mail.example.com'] }),
      logins: [{ username: 'user@example.com', password: 'sesame-9f3b' }],
      mailboxes: ['box@example.com', 'other@example.com', 'lines@example.com', 'bounces@example.com'],
      recipientReplies: { 'grey@example.com': '450 4.2.0 Greylisted', 'full@example.com': '452 4.2.2 Mailbox full' },
      main: {
        message_size_limit: '20000',
        virtual_mailbox_limit: '0',
        // Accepted, and only then found to lead nowhere.
        virtual_alias_maps: 'inline:{ { lost@example.com = x@lost.example } }',
        transport_maps: 'inline:{ { lost.example = error:5.7.1 it bounces } }',
      },
    });
  }, 120_000);
  afterAll(async () => await postfix?.stop(), 60_000);

  const submission = (): Promise<Session> =>
    open({
      host: 'localhost',
      port: postfix.submissionPort,
      tls: { mode: 'StartTls', trustedCertificates: [authority.certificatePem] },
      auth: {},
    });

  /** Runs this with a session, closes it, and gives what Postfix logged until the end of the connection. */
  async function logged(use: (session: Session) => Promise<void>): Promise<string> {
    const before = (await postfix.log()).length;
    const session = await submission();
    await use(session);
    await session.close();
    return await until(async () => {
      const log = (await postfix.log()).slice(before);
      return log.includes(' disconnect from ') ? log : undefined;
    });
  }

  async function arrived(mailbox: string, count: number): Promise<readonly string[]> {
    return await until(async () => {
      const messages = await postfix.messages(mailbox);
      return messages.length >= count ? messages : undefined;
    });
  }

  test('sends many messages over one connection, and each arrives once', async () => {
    const log = await logged(async (session) => {
      for (let i = 0; i < 20; i += 1) {
        const raw = Buffer.from(`From: a@example.com\r\nSubject: number ${i}\r\n\r\nHello.\r\n`);
        const { recipients } = await session.send(mail({ recipients: ['box@example.com'], raw }));
        expect(recipients).toMatchObject([{ outcome: 'accepted', reply: { code: 250, enhancedCode: '2.0.0' } }]);
      }
    });
    expectGoodManners(log);
    expect(log).toMatch(/disconnect from .* mail=20 rcpt=20 data=20 quit=1/);
    const messages = await arrived('box@example.com', 20);
    const subjects = messages.map((message) => /^Subject: (.*)$/m.exec(message)?.[1]);
    expect(new Set(subjects).size).toBe(20);
    expect(messages).toHaveLength(20);
  });

  test('gives each recipient a result of its own, and goes on after refusals', async () => {
    const log = await logged(async (session) => {
      const recipients = ['nobody@example.com', 'grey@example.com', 'other@example.com', 'full@example.com'];
      const first = await session.send(mail({ recipients }));
      expect(first.recipients).toMatchObject([
        { outcome: 'refused', failure: { reason: 'RecipientRejected', reply: { code: 550 } } },
        { outcome: 'deferred', failure: { reason: 'Greylisted' } },
        { outcome: 'accepted' },
        { outcome: 'deferred', failure: { reason: 'MailboxUnavailable' } },
      ]);
      const none = await session.send(mail({ recipients: ['nobody@example.com'] }));
      expect(none.recipients).toMatchObject([{ outcome: 'refused' }]);
      expect((await session.send(mail({ recipients: ['other@example.com'] }))).recipients).toMatchObject([
        { outcome: 'accepted' },
      ]);
    });
    expectGoodManners(log);
    expect(await arrived('other@example.com', 2)).toHaveLength(2);
  });

  test('sends MAIL, RCPT and DATA in one go, and lines, dots and bytes arrive as they were', async () => {
    const lines = ['.', '..', '.a', 'x'.repeat(998), 'ümläut', '', '. ', '-- ', 'end'];
    await logged(async (session) => {
      const raw = Buffer.from(
        `Subject: lines\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${lines.join('\n')}\n`,
      );
      expect((await session.send(mail({ recipients: ['lines@example.com'], raw }))).recipients).toMatchObject([
        { outcome: 'accepted' },
      ]);
    });
    const [message = ''] = await arrived('lines@example.com', 1);
    expect(message.slice(message.indexOf('\n\n') + 2).split('\n')).toEqual([...lines, '']);
  });

  test('asks for notices of failure, which come back with its name and without the body', async () => {
    const log = await logged(async (session) => {
      const lost = { from: 'bounces@example.com', recipients: ['lost@example.com'], envelopeId: 'id+1=x y' };
      const raw = Buffer.from('Subject: credentials\r\n\r\nThe password is rosebud.\r\n');
      expect((await session.send(mail({ ...lost, raw }))).recipients).toMatchObject([{ outcome: 'accepted' }]);
    });
    expectGoodManners(log);
    const [notice] = await arrived('bounces@example.com', 1);
    expect(notice).toMatch(/^Original-Envelope-Id: id\+1=x y$/m);
    expect(notice).toContain('Subject: credentials');
    expect(notice).not.toContain('rosebud');
  });

  test('does not even begin with a message that is larger than the server takes', async () => {
    const log = await logged(async (session) => {
      const raw = Buffer.from(`Subject: big\r\n\r\n${'x'.repeat(70)}\r\n`.repeat(400));
      expect((await session.send(mail({ recipients: ['box@example.com'], raw }))).recipients).toMatchObject([
        {
          outcome: 'refused',
          failure: { reason: 'MessageTooLarge', what: expect.stringContaining('takes 20000 at most') },
        },
      ]);
    });
    expect(log).not.toContain('mail=');
  });
});

async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  const deadline = Date.now() + 25_000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error('it did not come');
    await delay(20);
  }
}

function expectGoodManners(log: string): void {
  expect(log).not.toMatch(
    /lost connection|timeout after|improper command pipelining|non-SMTP command|SSL_accept error/,
  );
  expect(log).toMatch(/disconnect from .* quit=1/);
}
