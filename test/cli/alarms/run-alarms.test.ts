// Alarms by `relaykeeper run --directory`: from a webhook's request, or a command beside it, to mails at a real server.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folders, mailsOf, put, relay, type Sink, startSink } from '../../policies/operating.ts';
import { alertmanagerPackage, startAlertmanager } from '../../servers/alertmanager.ts';
import { debianPackages } from '../../servers/debian-packages.ts';
import type { Folders } from '../../store/directory/opened-store.ts';
import { eventually } from '../../store/eventually.ts';
import { type Running, useProgram } from '../program.ts';

const program = useProgram();
const quick = { groupWait: '100ms', groupInterval: '500ms', groupBy: ['alertname'] };

interface World {
  readonly files: Folders;
  readonly sink: Sink;
  readonly operator: Running;
  /** Of rule `mail/ops/<rule>`. */
  post(body: object, options?: { readonly token?: string; readonly rule?: string }): Promise<Response>;
  /** `relaykeeper alarms …` beside it. */
  alarms(...args: readonly string[]): Promise<{ readonly code: number | string; readonly stdout: string }>;
}

async function world({ rule = {}, args = [] }: { rule?: object; args?: readonly string[] } = {}): Promise<World> {
  const files = folders();
  const sink = await startSink();
  put(files, 'relay', relay('corporate', sink.port));
  put(files, 'token', secret('token', { token: 'let-me-in' }));
  const webhook = { webhook: { tokenSecretRef: { name: 'token', key: 'token' } } };
  const notify = { addresses: ['oncall@example.com'] };
  put(files, 'policy', policy([{ name: 'production', sources: webhook, notify, ...quick, ...rule }]));
  const operator = start(files, args);
  await operator.printed(/Alarms are taken at http/);
  return {
    files,
    sink,
    operator,
    post: poster(operator),
    alarms: (...rest) => program.run(['alarms', ...rest, ...of(files)]),
  };
}

function start(files: Folders, args: readonly string[] = []): Running {
  return program.start(['run', ...of(files), '--webhook-listen', '127.0.0.1:0', ...args]);
}

function of({ directory, stateDirectory }: Folders): string[] {
  return ['--directory', directory, '--state', stateDirectory];
}

function poster(operator: Running): World['post'] {
  return async (body, { token = 'let-me-in', rule = 'production' } = {}) => {
    const url = /taken at (http\S+)\/v1/.exec(operator.stdout())?.[1] ?? '';
    // It answers 503 until its policies are listed, as senders are used to.
    return eventually('it answers', async () => {
      const response = await fetch(`${url}/v1/alarms/mail/ops/${rule}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return response.status === 503 ? undefined : response;
    });
  };
}

function alarm(alertname: string, status = 'firing') {
  return { status, labels: { alertname, severity: 'critical' }, annotations: { summary: `${alertname} happened` } };
}

test('a request becomes a mail, its end a second one in the same thread', async () => {
  const { post, sink, operator } = await world();
  const kept = await post(alarm('DiskFull'));
  expect([kept.status, await kept.json()]).toEqual([202, { accepted: 1 }]);
  await eventually('the mail', () => sink.messages.length === 1);
  expect((await post({ version: '4', alerts: [alarm('DiskFull', 'resolved')] })).status).toBe(202);
  await eventually('the second mail', () => sink.messages.length === 2);
  const [first, second] = await mailsOf(sink);
  expect([first?.subject, second?.subject]).toEqual(['[FIRING 1, critical] DiskFull', '[RESOLVED] DiskFull']);
  expect(second?.inReplyTo).toBe(first?.messageId);
  operator.signal('SIGTERM');
  expect((await operator.ended).code).toBe(0);
});

test('a test alarm of a command beside it is mailed, and shown', async () => {
  const { sink, alarms } = await world();
  expect(await alarms('send', 'mail/ops', 'production', '--label', 'severity=warning')).toMatchObject({ code: 0 });
  await eventually('the mail', () => sink.messages.length === 1);
  const { stdout } = await alarms('-o', 'json');
  expect(JSON.parse(stdout)).toMatchObject([{ firing: 1, groups: [{ labels: { alertname: 'production' } }] }]);
});

test('after kill -9 groups and when they were told are known, and nothing is told twice', async () => {
  const { files, sink, post, operator, alarms } = await world();
  await post(alarm('DiskFull'));
  await eventually('the mail', () => sink.messages.length === 1);
  await eventually('it is told', async () => JSON.parse((await alarms('-o', 'json')).stdout)[0].groups[0]?.lastTold);
  operator.signal('SIGKILL');
  await operator.ended;
  const again = start(files);
  await again.printed(/Alarms are taken at http/);
  const postAgain = poster(again);
  await postAgain(alarm('SwapFull'));
  await eventually('the mail of the other', () => sink.messages.length === 2);
  await postAgain(alarm('DiskFull', 'resolved'));
  await eventually('the end of the first', () => sink.messages.length === 3);
  const subjects = (await mailsOf(sink)).map(({ subject }) => subject);
  expect(subjects).toEqual(['[FIRING 1, critical] DiskFull', '[FIRING 1, critical] SwapFull', '[RESOLVED] DiskFull']);
});

test('who has no token, or a wrong one, is not let in, and the operator says so once', async () => {
  const { post, operator, sink } = await world();
  expect((await post(alarm('A'), { token: 'let-me-on' })).status).toBe(401);
  expect((await post(alarm('A'), { rule: 'unknown' })).status).toBe(401);
  await operator.printed(/warning: the webhook answered 127\.0\.0\.1 with 401/);
  expect((await post({ labels: { alertname: 5 } })).status).toBe(400);
  await operator.printed(/warning: the webhook answered 127\.0\.0\.1 with 400/);
  expect(operator.stdout().match(/with 401/g)).toHaveLength(1);
  expect(operator.stdout()).not.toContain('let-me');
  expect(sink.messages).toEqual([]);
});

const packages = await debianPackages([alertmanagerPackage]);
if (packages.kind === 'missing') console.warn(packages.why);

test.skipIf(packages.kind === 'missing')(
  'what a real Alertmanager sends becomes mails',
  async () => {
    const { operator, sink, post } = await world();
    // Its policies are listed.
    expect((await post({}, { token: 'none' })).status).toBe(401);
    const url = /taken at (http\S+)\/v1/.exec(operator.stdout())?.[1];
    const alertmanager = await startAlertmanager(
      () => `
route: { receiver: mail, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: mail
    webhook_configs:
      - { url: '${url}/v1/alarms/mail/ops/production', http_config: { authorization: { credentials: let-me-in } } }
`,
    );
    try {
      const labels = { alertname: 'HighErrorRate', severity: 'critical' };
      const startsAt = new Date(Date.now() - 60_000).toISOString();
      await alertmanager.post([{ labels, startsAt }]);
      await eventually('the mail', () => sink.messages.length === 1);
      await alertmanager.post([{ labels, startsAt, endsAt: new Date().toISOString() }]);
      await eventually('the second mail', () => sink.messages.length === 2);
      const [first, second] = await mailsOf(sink);
      expect([first?.subject, second?.subject]).toEqual([
        '[FIRING 1, critical] HighErrorRate',
        '[RESOLVED] HighErrorRate',
      ]);
      expect(second?.references).toBe(first?.messageId);
    } finally {
      await alertmanager.stop();
    }
  },
  60_000,
);

async function taken(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

test.each([
  ['a name in place of an address', ['--webhook-listen', 'localhost:8443'], 'It must be an IP address and a port'],
  ['a port beyond all', ['--webhook-listen', ':70000'], 'It must be an IP address and a port'],
  ['IPv6 without brackets', ['--webhook-listen', '::1:8443'], 'It must be an IP address and a port'],
  ['a certificate alone', ['--webhook-listen', ':0', '--webhook-tls-cert', 'c'], '--webhook-tls-key go together'],
  ['a certificate for nothing', ['--webhook-tls-cert', 'c', '--webhook-tls-key', 'k'], 'go with --webhook-listen'],
  [
    'a certificate that is not there',
    ['--webhook-listen', '127.0.0.1:0', '--webhook-tls-cert', '/nowhere/c', '--webhook-tls-key', '/nowhere/k'],
    '/nowhere/c',
  ],
  ['once and for all time', ['--webhook-listen', '127.0.0.1:0', '--once'], 'goes without --once'],
  ['roles of replicas', ['--roles', 'alarms'], '--roles is about replicas'],
  ['an unknown role', ['--roles', 'alarms,webhok'], 'There is no role "webhok"; did you mean webhook?'],
])('%s is refused before anything is opened', async (_name, args, message) => {
  const files = folders();
  const { code, stderr } = await program.run(['run', ...of(files), ...args]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});

test('where tokens come in the clear over a network, that is said', async () => {
  const open = program.start(['run', ...of(folders()), '--webhook-listen', '0.0.0.0:0']);
  await open.printed(/warning: The webhook at 0\.0\.0\.0 has no TLS: tokens come in the clear\./);
  const own = start(folders());
  await own.printed(/Alarms are taken at/);
  expect(own.stdout()).not.toContain('warning');
});

test('an address that another has is told, and ends the command', async () => {
  const address = await taken();
  const { code, stderr } = await program.run(['run', ...of(folders()), '--webhook-listen', address]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/--webhook-listen: .* another program does/),
  });
});

test('a state directory that cannot be used ends it, though the webhook listens already', async () => {
  const files = folders();
  mkdirSync(files.stateDirectory, { recursive: true });
  writeFileSync(join(files.stateDirectory, 'inbox'), 'a file in its place');
  const { code, stderr } = await program.run(['run', ...of(files), '--webhook-listen', '127.0.0.1:0']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('cannot be used') });
});

function policy(alarms: readonly object[]): object {
  const head = { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'NotificationPolicy' };
  return { ...head, metadata: { namespace: 'mail', name: 'ops' }, spec: { relayRef: { name: 'corporate' }, alarms } };
}

function secret(name: string, stringData: object): object {
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { namespace: 'mail', name }, stringData };
}
