// "Send Test Email" against real servers.
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { startMailServer } from '../end-to-end/servers.ts';
import {
  alarmRule,
  createNotificationWorld,
  credentialsRule,
  encryptedRelay,
  policy,
  relay,
  reminderRule,
} from './notification-world.ts';

const rules = { credentials: [credentialsRule()] };

async function world(...objects: readonly object[]) {
  const made = await createNotificationWorld();
  made.declare('all', ...objects);
  return made;
}

test("sends the first rule's mail with samples, and prints the server's reply", async () => {
  const messages: string[] = [];
  const { objects } = await encryptedRelay({ onMessage: (message) => messages.push(message) });
  const { run } = await world(...objects, policy(rules));
  const { code, stdout, stderr } = await run('send-test', 'guests', '--to', 'admin@example.com');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^SmtpRelay mail\/corporate accepted ".+" for admin@example\.com: 250 2\.0\.0 queued as 4B2A\n$/,
  );
  const mail = await simpleParser(messages[0] ?? '');
  expect(messages).toHaveLength(1);
  expect(mail.text).toContain('correct horse 7');
  expect(mail.from?.text).toBe('"Guest Portal" <portal@example.com>');
});

test('sends the mail of an alarm rule, marked as important', async () => {
  const messages: string[] = [];
  const { objects } = await encryptedRelay({ onMessage: (message) => messages.push(message) });
  const { run } = await world(...objects, policy({ alarms: [alarmRule()] }));
  const { code, stdout } = await run('send-test', 'guests', '--to', 'admin@example.com');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('[FIRING 2, critical]') });
  const mail = await simpleParser(messages[0] ?? '');
  expect(mail.headers.get('priority')).toBe('high');
  expect(mail.html).toContain('https://logs.example.com/?q=shop');
});

test.each([
  ['the recipient', { RCPT: '550 5.1.1 No such user here\r\n' }, 'RecipientRejected', '550 5.1.1 No such user here'],
  ['the sender', { MAIL: '553 5.7.1 Sender not allowed\r\n' }, 'SenderRejected', '553 5.7.1'],
])('a server that refuses %s is an error with cause and remedy', async (_name, on, reason, reply) => {
  const { objects } = await encryptedRelay({ on });
  const { run } = await world(...objects, policy(rules));
  const { code, stdout, stderr } = await run('send-test', 'guests', '--to', 'admin@example.com');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`error: SmtpRelay mail/corporate: ${reason}: `);
  expect(stderr).toContain(reply);
  const json = JSON.parse((await run('send-test', 'guests', '--to', 'admin@example.com', '-o', 'json')).stdout);
  expect(json).toMatchObject({
    outcome: 'Failed',
    relay: null,
    troubles: [{ reason, reply: expect.stringContaining(reply) }],
  });
});

test('where the first relay cannot be reached, the fallback is used and the trouble told', async () => {
  const { objects, server } = await encryptedRelay();
  const gone = relay({ host: '127.0.0.1', port: 1, connectionTimeout: '2s' }, 'gone');
  const spec = { ...rules, relayRef: { name: 'gone' }, fallbackRelayRefs: [{ name: 'corporate' }] };
  const { run } = await world(...objects, gone, policy(spec));
  const { code, stdout, stderr } = await run('send-test', 'guests', '--to', 'admin@example.com');
  expect(code).toBe(0);
  expect(stdout).toContain('SmtpRelay mail/corporate accepted');
  expect(stderr).toMatch(/^warning: SmtpRelay mail\/gone: ConnectionRefused: /);
  expect(server.connections()).toBe(1);
});

test('mails with passwords do not leave through a relay without encryption, in a test neither', async () => {
  const server = await startMailServer();
  const plain = relay({ host: '127.0.0.1', port: server.port, tls: { mode: 'None' } });
  const { run } = await world(plain, policy({ ...rules, reminders: [reminderRule()] }));
  expect(await run('send-test', 'guests', '--to', 'admin@example.com')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('EncryptionRequired'),
  });
  expect(server.connections()).toBe(0);
  expect((await run('send-test', 'guests', '--to', 'admin@example.com', '--rule', 'guest-expiry')).code).toBe(0);
});

test('a recipient outside spec.allowedRecipientDomains gets nothing', async () => {
  const server = await startMailServer();
  const narrow = relay({
    host: '127.0.0.1',
    port: server.port,
    tls: { mode: 'None' },
    allowedRecipientDomains: ['example.org'],
  });
  const { run } = await world(narrow, policy({ reminders: [reminderRule()] }));
  expect(await run('send-test', 'guests', '--to', 'admin@example.com')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('allowedRecipientDomains'),
  });
  expect(server.connections()).toBe(0);
});

test('a sandbox redirects the test too', async () => {
  const messages: string[] = [];
  const server = await startMailServer({ onMessage: (message) => messages.push(message) });
  const sandbox = { redirectTo: 'sandbox@example.com' };
  const { run } = await world(
    relay({ host: '127.0.0.1', port: server.port, tls: { mode: 'None' }, sandbox }),
    policy(rules),
  );
  const { code, stdout } = await run('send-test', 'guests', '--to', 'admin@example.com');
  expect(code).toBe(0);
  expect(stdout).toContain('for sandbox@example.com');
  expect(messages[0]).toContain('X-Relaykeeper-Real-Recipient: admin@example.com');
  expect(messages[0]).not.toContain('correct horse 7');
});

test('what is missing is named', async () => {
  const { run } = await world(policy(rules));
  expect(await run('send-test', 'guests', '--to', 'admin@example.com')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('SmtpRelay "mail/corporate" does not exist'),
  });
  expect((await run('send-test', 'guests')).code).toBe(2);
  expect((await run('send-test', 'guests', '--to', 'nobody')).code).toBe(2);
});
