// How a rule's mail reads, with samples and for real subjects.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { piped, relaykeeper } from './from-sources.ts';
import {
  account,
  accountPassword,
  alarmRule,
  createNotificationWorld,
  credentialsRule,
  inDays,
  policy,
  relay,
  reminderRule,
} from './notification-world.ts';

async function world(rules: object = { credentials: [credentialsRule()], reminders: [reminderRule()] }) {
  const made = await createNotificationWorld();
  made.declare('policy', relay({ host: 'mail.example.com' }), policy(rules));
  const link = 'https://portal.example.com/once/canary-link';
  made.declare(
    'accounts',
    account('jane', { firstName: 'Jane', locale: 'de', validTo: inDays(30), oneTimeLink: link }),
  );
  return made;
}

describe('with samples', () => {
  test('shows subject and text, with the password where the rule mails it', async () => {
    const { code, stdout, stderr } = await (await world()).run('preview', 'guests', 'guest-credentials');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Subject: .+\n\n/);
    expect(stdout).toContain('correct horse 7');
  });

  test.each([
    ['Omit', 'Omit', [], false],
    ['Link', 'Link', [], false],
    ['the first mail of SeparateMail', 'SeparateMail', [], false],
    ['the second mail of SeparateMail', 'SeparateMail', ['--part', 'Password'], true],
  ])('%s: the password is in it or not, as it would be', async (_name, password, flags, shown) => {
    const { run } = await world({ credentials: [credentialsRule({ password })] });
    const { stdout } = await run('preview', 'guests', 'guest-credentials', ...flags);
    expect(stdout.includes('correct horse 7')).toBe(shown);
    expect(stdout.includes('https://portal.example.com/once/3f9a')).toBe(password === 'Link');
  });

  test('in another language, as HTML, and for a changed password', async () => {
    const { run } = await world();
    expect((await run('preview', 'guests', 'guest-credentials', '--locale', 'de')).stdout).toContain('Benutzername');
    const html = (await run('preview', 'guests', 'guest-credentials', '--format', 'html')).stdout;
    expect(html).toMatch(/^<!doctype html>/i);
    const [fresh, reset] = await Promise.all([
      run('preview', 'guests', 'guest-credentials'),
      run('preview', 'guests', 'guest-credentials', '--reset'),
    ]);
    expect(reset.stdout).not.toBe(fresh.stdout);
  });

  test('as eml is a whole message', async () => {
    const { stdout } = await (await world()).run('preview', 'guests', 'guest-credentials', '--format', 'eml');
    const mail = await simpleParser(stdout);
    expect(mail.from?.text).toBe('"Guest Portal" <portal@example.com>');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.html).toContain('<html');
  });

  test('of reminders and digests too', async () => {
    const digest = reminderRule({
      name: 'digest',
      digest: true,
      notify: { account: false, addresses: ['a@example.com'] },
    });
    const { run } = await world({ reminders: [reminderRule(), digest] });
    expect((await run('preview', 'guests', 'guest-expiry')).stdout).toContain('jane.doe');
    expect((await run('preview', 'guests', 'digest')).stdout).toContain('www.example.com');
  });

  test('of an alarm rule, with its links and its time zone', async () => {
    const { run } = await world({ alarms: [alarmRule()] });
    const { code, stdout } = await run('preview', 'guests', 'production');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Subject: \[FIRING 2, critical\] HighErrorRate in shop\n\n/);
    expect(stdout).toContain('\nLogs: https://logs.example.com/?q=shop\n');
    expect(stdout).toContain('Times are in the zone Asia/Tokyo.');
    expect((await run('preview', 'guests', 'alarms/production', '--locale', 'de')).stdout).toContain('Seit: ');
    const real = await run('preview', 'guests', 'production', '--subject', 'jane');
    expect(real).toMatchObject({ code: 1, stderr: expect.stringContaining('has no subjects') });
  });

  test('a fault in a link of an alarm rule is named with its place', async () => {
    const links = [{ name: 'Logs', url: 'https://logs.example.com/?q={{ groupLabel.namespace }}' }];
    const { run } = await world({ alarms: [alarmRule({ links })] });
    const { code, stderr } = await run('preview', 'guests', 'production');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'spec.alarms[0].links[0].url: line 1, column 32: there is no variable "groupLabel"; did you mean "groupLabels"?',
    );
  });

  test("shows the policy's own texts, and says that there is no HTML where it gives none", async () => {
    const template = { subject: 'Hi {{ firstName }}', text: 'You are {{ username }}.' };
    const { run } = await world({ credentials: [credentialsRule({ password: 'Omit', template })] });
    expect((await run('preview', 'guests', 'guest-credentials')).stdout).toBe(
      'Subject: Hi Jane\n\nYou are jane.doe.\n',
    );
    const html = await run('preview', 'guests', 'guest-credentials', '--format', 'html');
    expect(html).toMatchObject({ code: 1, stderr: expect.stringContaining('no HTML part') });
  });
});

describe('with real data', () => {
  test('of an account, in its language, with password and link hidden', async () => {
    const { run } = await world();
    const { code, stdout } = await run('preview', 'guests', 'guest-credentials', '--subject', 'jane');
    expect(code).toBe(0);
    expect(stdout).toContain('********');
    expect(stdout).toContain('Jane');
    expect(stdout).toContain('Benutzername');
    expect(stdout).not.toContain(accountPassword);
    const linked = await world({ credentials: [credentialsRule({ password: 'Link' })] });
    const mail = await linked.run('preview', 'guests', 'guest-credentials', '--subject', 'jane');
    expect(mail.stdout).toContain('https://portal.example.com/********');
    expect(mail.stdout).not.toContain('canary-link');
  });

  test('of a reminder, as the next one will read', async () => {
    const { run } = await world();
    const { code, stdout } = await run('preview', 'guests', 'guest-expiry', '--subject', 'jane', '--locale', 'en');
    expect(code).toBe(0);
    expect(stdout).toMatch(/7 days/);
  });

  test('of a subject that the rule does not select is an error', async () => {
    const { run } = await world();
    expect(await run('preview', 'guests', 'guest-expiry', '--subject', 'john')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('selects nothing named "john"'),
    });
  });
});

describe('of a manifest alone', () => {
  test('from standard input, with what stands beside it there', async () => {
    const texts = { subject: 'Hello from a pipe', text: 'Dear {{ firstName }}' };
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'texts', namespace: 'mail' },
      data: texts,
    };
    const rule = credentialsRule({ template: { configMapRef: { name: 'texts' } } });
    const input = [policy({ credentials: [rule] }), configMap].map((one) => JSON.stringify(one)).join('\n---\n');
    const { code, stdout, stderr } = await piped(input, 'preview', 'guests', 'guest-credentials', '-f', '-');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Subject: Hello from a pipe');
  });

  test('from standard input that is none is named so', async () => {
    const { code, stderr } = await piped('a: [', 'preview', 'guests', 'x', '-f', '-');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/standard input:1/) });
  });

  test('needs no relay beside it, but for a whole message', async () => {
    const { directory } = await createNotificationWorld();
    const path = join(directory, 'policy.json');
    writeFileSync(path, JSON.stringify(policy({ credentials: [credentialsRule()] })));
    const text = await relaykeeper('preview', 'guests', 'guest-credentials', '-f', path);
    expect(text).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('correct horse 7') });
    const eml = await relaykeeper('preview', 'guests', 'guest-credentials', '-f', path, '--format', 'eml');
    expect(eml).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SmtpRelay "mail/corporate" does not exist'),
    });
  });
});

test.each([
  ['an unknown policy', ['nobody', 'x'], 'there is no NotificationPolicy "nobody"; there are: mail/guests'],
  ['an unknown rule', ['guests', 'x'], 'it has: guest-credentials, guest-expiry'],
  ['an unknown format', ['guests', 'guest-expiry', '--format', 'pdf'], 'pdf'],
])('%s is unusable', async (_name, args, said) => {
  const { code, stderr } = await (await world()).run('preview', ...args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) });
});
