// What a real run on a directory counts of mail: accepted, put off, taken out by hand, and of alarms by webhook.
import { expect, test } from 'vitest';
import { unusedPort } from '../../demo/other-listeners.ts';
import { account, credentials, folders, policy, put, relay, startSink } from '../policies/operating.ts';
import type { Folders } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import { type Running, useProgram } from './program.ts';

const program = useProgram();

async function start(files: Folders): Promise<Running> {
  const running = program.start([
    'run',
    ...of(files),
    '--http-listen',
    '127.0.0.1:0',
    '--webhook-listen',
    '127.0.0.1:0',
  ]);
  await running.printed(/Alarms are taken at/);
  return running;
}

function of({ directory, stateDirectory }: Folders): string[] {
  return ['--directory', directory, '--state', stateDirectory];
}

/** Waits until a scrape has these samples, and gives all of it. */
function untilTold(running: Running, samples: readonly string[]): Promise<string> {
  const url = /served at (http:\S+)/.exec(running.stdout())?.[1];
  return eventually(`it tells ${samples.join(', ')}`, async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return samples.every((sample) => text.includes(`relaykeeper_${sample}\n`)) && text;
  });
}

const toCorporate = 'namespace="mail",relay="corporate"';

test('a log-in mail is counted as accepted, with how long it took', async () => {
  const files = folders();
  const sink = await startSink();
  put(files, 'relay', relay('corporate', sink.port));
  put(files, 'policy', policy({ credentials: [credentials()] }));
  const running = await start(files);
  put(files, 'jane', account('jane'));
  await eventually('the mail', () => sink.messages.length === 1);
  const text = await untilTold(running, [
    `deliveries_total{${toCorporate},kind="Credentials",outcome="Accepted",reason=""} 1`,
    'delivery_latency_seconds_count{kind="Credentials"} 1',
    'outbox_messages{state="Waiting"} 0',
    'outbox_oldest_age_seconds 0',
    'policy_ready{namespace="mail",policy="guests",reason="Running"} 1',
  ]);
  expect(text).toMatch(/relaykeeper_reconciles_total\{kind="NotificationPolicy",result="done"\} [1-9]/);
  expect(text).toContain('relaykeeper_reconciles_total{kind="NotificationPolicy",result="bug"} 0\n');
});

test('a mail that cannot leave is counted as put off, waits, and as dropped once it is taken out', async () => {
  const files = folders();
  put(files, 'relay', relay('corporate', await unusedPort()));
  put(files, 'policy', policy({ credentials: [credentials()] }));
  const running = await start(files);
  put(files, 'jane', account('jane'));
  await untilTold(running, ['outbox_messages{state="Waiting"} 1']);
  const { stdout } = await program.run(['outbox', 'list', ...of(files), '-o', 'json']);
  const [{ id }] = JSON.parse(stdout);
  expect((await program.run(['outbox', 'drop', id, ...of(files)])).code).toBe(0);
  await untilTold(running, [
    'outbox_messages{state="Waiting"} 0',
    'deliveries_total{namespace="",relay="",kind="Credentials",outcome="Dropped",reason="DroppedByHand"} 1',
  ]);
});

test('an alarm by webhook is counted from its request to its mail', async () => {
  const files = folders();
  const sink = await startSink();
  put(files, 'relay', relay('corporate', sink.port));
  const metadata = { name: 'token', namespace: 'mail' };
  put(files, 'token', { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { token: 'let-me-in' } });
  const sources = { webhook: { tokenSecretRef: { name: 'token', key: 'token' } } };
  const notify = { addresses: ['oncall@example.com'] };
  put(files, 'policy', policy({ alarms: [{ name: 'production', sources, notify, groupWait: '100ms' }] }));
  const running = await start(files);
  const url = /taken at (http\S+)\/v1/.exec(running.stdout())?.[1];
  await eventually('it is taken', async () => {
    const { status } = await fetch(`${url}/v1/alarms/mail/guests/production`, {
      method: 'POST',
      headers: { authorization: 'Bearer let-me-in', 'content-type': 'application/json' },
      body: JSON.stringify({ labels: { alertname: 'DiskFull' } }),
    });
    return status === 202;
  });
  await untilTold(running, [
    'webhook_requests_total{code="202"} 1',
    'webhook_alarms_total 1',
    'alarm_notifications_total 1',
    'alarms_active{namespace="mail",policy="guests"} 1',
    `deliveries_total{${toCorporate},kind="Alarm",outcome="Accepted",reason=""} 1`,
  ]);
});
