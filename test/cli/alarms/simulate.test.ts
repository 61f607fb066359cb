// What a recorded stream would have mailed, by the program itself.
import { existsSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { relaykeeper } from '../from-sources.ts';
import { account, relay } from '../notification-world.ts';
import { createAlarmWorld, webhookRule } from './alarm-world.ts';

const stream = [
  fired('10:00:00', 'DiskFull', 'db1', 'critical'),
  fired('10:00:10', 'DiskFull', 'db2', 'critical'),
  { ...fired('10:09:00', 'DiskFull', 'db1', 'critical', 'resolved') },
  { ...fired('10:09:00', 'DiskFull', 'db2', 'critical', 'resolved') },
];

function fired(time: string, alertname: string, host: string, severity: string, status = 'firing') {
  return { at: `2026-11-24T${time}Z`, alarm: { labels: { alertname, host, severity }, status } };
}

async function simulate(args: readonly string[] = [], options: Parameters<typeof createAlarmWorld>[0] = {}) {
  const world = await createAlarmWorld(options);
  const events = world.file('stream.jsonl', stream.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const run = () => relaykeeper('alarms', 'simulate', '-f', world.directory, '--events', events, ...args);
  return { world, run };
}

test('prints when, to whom, subject and members of each mail, and keeps nothing', async () => {
  const { world, run } = await simulate();
  const { code, stdout, stderr } = await run();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '));
  expect(lines).toEqual([
    'TIME | RULE | WHY | TO | SUBJECT',
    '2026-11-24T10:00:30Z | mail/ops/production | First | oncall@example.com | [FIRING 2, critical] DiskFull',
    'firing | alertname=DiskFull host=db1 severity=critical | from 2026-11-24T10:00:00Z',
    'firing | alertname=DiskFull host=db2 severity=critical | from 2026-11-24T10:00:10Z',
    '2026-11-24T10:10:30Z | mail/ops/production | AllResolved | oncall@example.com | [RESOLVED] DiskFull',
    'resolved | alertname=DiskFull host=db1 severity=critical | from 2026-11-24T10:00:00Z to 2026-11-24T10:09:00Z',
    'resolved | alertname=DiskFull host=db2 severity=critical | from 2026-11-24T10:00:10Z to 2026-11-24T10:09:00Z',
    '',
    '2 mails up to 2026-11-24T10:14:30Z.',
    '',
  ]);
  expect(existsSync(`${world.state}/inbox`)).toBe(false);
});

test('--until ends it earlier or later', async () => {
  const early = await simulate(['--until', '2026-11-24T10:00:29Z']);
  expect((await early.run()).stdout).toBe('No mail up to 2026-11-24T10:00:29Z.\n');
  const late = await simulate(['--until', '2026-11-25T10:00:00Z', '-o', 'json']);
  expect(JSON.parse((await late.run()).stdout)).toHaveLength(2);
});

test('as JSON it has the whole notice', async () => {
  const { run } = await simulate(['-o', 'json']);
  expect(JSON.parse((await run()).stdout)).toMatchObject([
    {
      ...{ time: '2026-11-24T10:00:30Z', policy: 'mail/ops', rule: 'production', to: ['oncall@example.com'] },
      notice: {
        reason: 'First',
        firing: 2,
        alarms: [{ labels: { host: 'db1' }, startsAt: '2026-11-24T10:00:00Z' }, {}],
      },
    },
    { notice: { reason: 'AllResolved', resolved: 2 } },
  ]);
});

test('as a mailbox it has the messages as they would be sent, in one thread', async () => {
  const { world, run } = await simulate(['-o', 'eml']);
  world.declare('relay', relay({ host: 'localhost', port: 25, tls: { mode: 'None' } }));
  const { code, stdout } = await run();
  expect(code).toBe(0);
  const mails = await Promise.all(
    stdout
      .split(/^From .*\n/m)
      .slice(1)
      .map((text) => simpleParser(text)),
  );
  expect(mails.map(({ subject }) => subject)).toEqual(['[FIRING 2, critical] DiskFull', '[RESOLVED] DiskFull']);
  expect(mails[1]?.inReplyTo).toBe(mails[0]?.messageId);
});

test('a mailbox takes a relay: without it, that is said', async () => {
  const { run } = await simulate(['-o', 'eml']);
  expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('SmtpRelay "mail/corporate"') });
});

test('admin accounts of the manifests are told', async () => {
  const { world, run } = await simulate(['-o', 'json'], { rules: [webhookRule({ notify: { adminAccounts: true } })] });
  const admin = account('root') as { metadata: { labels: object } };
  admin.metadata.labels = { 'relaykeeper.dev/account': 'admin', 'relaykeeper.dev/system-alarms': 'true' };
  world.declare('admin', admin);
  expect(JSON.parse((await run()).stdout)[0].to).toEqual(['root@example.com']);
});

test('a mail that reaches nobody fails the run', async () => {
  const { run } = await simulate([], { rules: [webhookRule({ notify: { adminAccounts: true } })] });
  const { code, stderr } = await run();
  expect(code).toBe(1);
  expect(stderr).toBe('error: rule production: nobody would have been told\n');
});

test('what a rule takes nothing of is noted', async () => {
  const events = { name: 'events', sources: { kubernetesEvents: {} }, notify: { addresses: ['a@example.com'] } };
  const { run } = await simulate(['--rule', 'events'], { rules: [webhookRule(), events] });
  const { code, stdout, stderr } = await run();
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^No mail up to/) });
  expect(stderr).toContain('note: mail/ops, rule events: it has no webhook, so that 4 bodies of the file');
});

test.each([
  ['an unknown rule', ['--rule', 'prod'], 'there is no alarm rule "prod"; there are: production (mail/ops)'],
  ['a time that is none', ['--until', 'soon'], 'It must be a time such as'],
])('%s is told', async (_name, args, message) => {
  const { run } = await simulate(args);
  expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

test('what is wrong in the stream is told by file, line and path', async () => {
  const { world, run } = await simulate();
  const path = world.file('stream.jsonl', '{"at":"2026-11-24T10:00:00Z","alarm":{"labels":{"a":1}}}\n');
  expect(await run()).toMatchObject({ code: 2, stderr: `error: ${path}:1: $.alarm.labels.a must be a string\n` });
});

test('a stream that is not there is told', async () => {
  const { world } = await simulate();
  const gone = await relaykeeper('alarms', 'simulate', '-f', world.directory, '--events', '/nowhere/stream.jsonl');
  expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('/nowhere/stream.jsonl: cannot be read') });
});
