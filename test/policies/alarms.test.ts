// Alarm rules on a directory, from a request in the inbox to the mail that a server got.
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeRequest } from '../../src/alarms/intake/inbox-request.ts';
import type { IncomingAlarm } from '../../src/alarms/intake/incoming-alarm.ts';
import {
  eventsOf,
  folders,
  mailsOf,
  type Operator,
  policy,
  put,
  relay,
  startOperator,
  startSink,
  until,
} from './operating.ts';

describe('an alarm rule', { timeout: 60_000 }, () => {
  test('mails what the inbox brings, and its end in the same thread', async () => {
    const { sink, operator } = await operating();
    await send(operator, [incoming({ alertname: 'DiskFull' })]);
    await until('the first mail', () => sink.messages.length === 1);
    await send(operator, [incoming({ alertname: 'DiskFull' }, { state: 'Resolved' })]);
    await until('the second mail', () => sink.messages.length === 2);
    const [first, second] = await mailsOf(sink);
    expect(first?.subject).toContain('FIRING');
    expect(second?.subject).toContain('RESOLVED');
    expect(second?.inReplyTo).toBe(first?.messageId);
    expect(first?.from?.text).toContain('alarms@operator.example.com');
    await until('an empty inbox', () => operator.inbox.size.records === 0);
    await until('its status', () => rule(operator)?.sent === 2);
    expect(rule(operator)).toMatchObject({
      kind: 'Alarm',
      name: 'all',
      subjects: 0,
      groups: 0,
      sent: 2,
      sentBy: 'here',
    });
  });

  test('is mailed though its policy was deleted meanwhile', async () => {
    const { sink, operator, places } = await operating({}, {}, { suspend: true });
    await send(operator, [incoming({ alertname: 'DiskFull' })]);
    await until('the mail in the outbox', async () => (await operator.outbox.list()).length === 1);
    rmSync(join(places.directory, 'policy.yaml'));
    await until('the policy to be gone', () => operator.status() === undefined);
    put(places, 'relay', relay('corporate', sink.port));
    await until('the mail', () => sink.messages.length === 1);
  });

  test('of the own relays goes out through the fallback of the relay that fails', async () => {
    const [down, backup] = [await startSink(), await startSink()];
    const places = folders();
    put(places, 'relays', relay('corporate', down.port), relay('backup', backup.port));
    const fallback = { fallbackRelayRefs: [{ name: 'backup' }] };
    put(places, 'policy', policy({ ...fallback, alarms: [alarmRule({ sources: { relays: true } })] }));
    const operator = await startOperator({ folders: places });
    await until('a relay that works', () => operator.ready() === 'True Running');
    await down.stop();
    await until('the mail', () => backup.messages.length === 1);
    const [mail] = await mailsOf(backup);
    expect(mail?.subject).toContain('RelayFailing');
    expect(mail?.text).toContain('corporate');
  });

  test('tells the last resort once when no relay works, and once when one does again', async () => {
    const posted: { readonly status: string; readonly text: string }[] = [];
    let answer = 500;
    const url = await listener((body) => {
      posted.push(JSON.parse(body));
      return answer;
    });
    const sink = await startSink();
    const places = folders();
    put(places, 'relay', relay('corporate', sink.port));
    const metadata = { name: 'pager', namespace: 'mail' };
    put(places, 'pager', { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, stringData: { url } });
    const lastResort = { webhookSecretRef: { name: 'pager', key: 'url' } };
    put(places, 'policy', policy({ lastResort, alarms: [alarmRule()] }));
    let later = 0;
    const operator = await startOperator({
      folders: places,
      now: () => Date.now() + later,
      mayFail: /last resort could not/,
    });
    await until('a relay that works', () => operator.run.settled().then(() => true));
    await sink.stop();
    await send(operator, [incoming({ alertname: 'DiskFull' })]);
    await until('the mail in the outbox', async () => (await operator.outbox.list()).length === 1);
    later = 70_000;
    await until('a try', () => posted.length > 0);
    answer = 204;
    await until('the outage to be told', () => eventsOf(places).includes('LastResortTold'));
    const told = posted.length;
    expect(posted.at(-1)).toMatchObject({
      status: 'firing',
      policy: { namespace: 'mail', name: 'guests' },
      waiting: 1,
    });
    expect(operator.logged.join()).not.toContain(new URL(url).pathname);
    const again = await startSink({}, sink.port);
    later = 200_000;
    await until('the mail', () => again.messages.length === 1);
    await until('the end to be told', () => posted.length === told + 1);
    expect(posted.at(-1)).toMatchObject({ status: 'resolved', text: expect.stringContaining('again') });
  });

  test('whose token is missing says so on the policy, opens to nobody, and opens once it is there', async () => {
    const { operator, places } = await operating();
    await until('the condition', () => operator.ready() === 'False SecretNotFound');
    const path = { namespace: 'mail', policy: 'guests', alarm: 'all' };
    expect(await operator.run.webhookRule(path)).toMatchObject({ kind: 'tokenMissing' });
    expect(await operator.run.webhookRule({ ...path, alarm: 'other' })).toEqual({ kind: 'unknown' });
    const data = { token: 'not to be guessed' };
    const metadata = { name: 'token', namespace: 'mail' };
    put(places, 'token', { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, stringData: data });
    await until('a token', async () => (await operator.run.webhookRule(path)).kind === 'rule');
    expect(await operator.run.webhookRule(path)).toEqual({ kind: 'rule', tokens: [data.token] });
  });
});

async function operating(alarm: object = {}, spec: object = {}, relaySpec: Record<string, unknown> = {}) {
  const sink = await startSink();
  const places = folders();
  put(places, 'relay', relay('corporate', sink.port, relaySpec));
  put(places, 'policy', policy({ alarms: [alarmRule(alarm)], ...spec }));
  return { sink, places, operator: await startOperator({ folders: places }) };
}

function alarmRule(more: object = {}): object {
  return {
    name: 'all',
    sources: { webhook: { tokenSecretRef: { name: 'token', key: 'token' } } },
    groupBy: ['alertname'],
    groupWait: '100ms',
    groupInterval: '200ms',
    repeatInterval: '4h',
    notify: { addresses: ['oncall@example.com'] },
    ...more,
  };
}

function incoming(labels: Record<string, string>, more: Partial<IncomingAlarm> = {}): IncomingAlarm {
  return {
    state: 'Firing',
    labels: { severity: 'critical', ...labels },
    annotations: { summary: 'It is so.' },
    text: '',
    startsAt: undefined,
    endsAt: undefined,
    count: 1,
    url: undefined,
    ...more,
  };
}

async function send({ inbox }: Operator, alarms: readonly IncomingAlarm[], alarm = 'all'): Promise<void> {
  const request = { version: 1, namespace: 'mail', policy: 'guests', alarm, receivedAt: Date.now(), alarms } as const;
  expect(await inbox.put(encodeRequest(request))).toEqual({ kind: 'kept' });
}

/** Gives its URL. */
async function listener(answer: (body: string) => number): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.writeHead(answer(Buffer.concat(chunks).toString('utf8'))).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/secret-path`;
}

function rule(operator: Operator) {
  return operator.status()?.rules?.find(({ kind }) => kind === 'Alarm');
}
