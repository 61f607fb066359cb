// Alarm rules on a directory, from a request in the inbox to the mail that a server got.
import { describe, expect, test } from 'vitest';
import { encodeRequest } from '../../src/alarms/intake/inbox-request.ts';
import type { IncomingAlarm } from '../../src/alarms/intake/incoming-alarm.ts';
import { folders, mailsOf, type Operator, policy, put, relay, startOperator, startSink, until } from './operating.ts';

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
});

async function operating(alarm: object = {}, spec: object = {}) {
  const sink = await startSink();
  const places = folders();
  put(places, 'relay', relay('corporate', sink.port));
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

function rule(operator: Operator) {
  return operator.status()?.rules?.find(({ kind }) => kind === 'Alarm');
}
