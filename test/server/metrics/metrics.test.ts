import { describe, expect, test } from 'vitest';
import type { Settlement } from '../../../src/mail/outbox/outbox.ts';
import { attempt, corporate, entry, openMetrics, probed, settled, start, view } from './metrics-world.ts';

describe('a relay', () => {
  test('tells whether it is ready, and what its last probe saw', async () => {
    const { metrics, samples } = openMetrics();
    metrics.reads({ relays: () => [view('corporate', probed('Succeeded')), view('backup', probed('Failed'))] });
    expect(await samples('relaykeeper_relay_ready')).toEqual([
      '{namespace="mail",relay="backup",reason="ConnectionRefused"} 0',
      '{namespace="mail",relay="corporate",reason="Succeeded"} 1',
    ]);
    expect(await samples('relaykeeper_probe_success')).toEqual([
      '{namespace="mail",relay="backup"} 0',
      '{namespace="mail",relay="corporate"} 1',
    ]);
    expect(await samples('relaykeeper_probe_last_duration_seconds')).toContain(
      '{namespace="mail",relay="corporate"} 1.502',
    );
    expect(await samples('relaykeeper_probe_last_timestamp_seconds')).toContain(
      `{namespace="mail",relay="corporate"} ${start / 1_000}`,
    );
  });

  test('tells when its certificate ended, also once it has ended and while it cannot be reached', async () => {
    const { metrics, samples } = openMetrics();
    const certificateExpires = '2026-11-17T16:24:59Z';
    metrics.reads({ relays: () => [view('corporate', probed('Failed', { certificateExpires }))] });
    expect(await samples('relaykeeper_certificate_expiry_timestamp_seconds')).toEqual([
      `{namespace="mail",relay="corporate"} ${Date.parse(certificateExpires) / 1_000}`,
    ]);
  });

  test('that is suspended raises no alert about what was seen before', async () => {
    const { metrics, samples } = openMetrics();
    const [ready] = probed('Failed').conditions ?? [];
    if (!ready) throw new Error('no condition');
    const status = probed('Failed', { conditions: [{ ...ready, reason: 'Suspended' }] });
    metrics.reads({ relays: () => [view('corporate', status)] });
    expect(await samples('relaykeeper_probe_success')).toEqual([]);
    expect(await samples('relaykeeper_relay_ready')).toEqual([
      '{namespace="mail",relay="corporate",reason="Suspended"} 0',
    ]);
  });

  test('that nobody has probed yet is not called broken', async () => {
    const { metrics, samples } = openMetrics();
    metrics.reads({ relays: () => [view('new', undefined)] });
    for (const name of ['relay_ready', 'probe_success', 'probe_last_duration_seconds'])
      expect(await samples(`relaykeeper_${name}`)).toEqual([]);
  });

  test('that is gone, or is probed by another replica now, has no series any more', async () => {
    const { metrics, samples } = openMetrics();
    metrics.reads({ relays: () => [view('corporate', probed('Succeeded'))] });
    expect(await samples('relaykeeper_probe_success')).toHaveLength(1);
    metrics.reads({ relays: () => [] });
    expect(await samples('relaykeeper_probe_success')).toEqual([]);
  });

  test('beyond the bound shares a series that says how the worst of them is', async () => {
    const { metrics, samples } = openMetrics({ most: 2 });
    const relays = [
      view('a', probed('Succeeded')),
      view('b', probed('Succeeded')),
      view('c', probed('Succeeded', { certificateExpires: '2027-01-01T00:00:00Z' })),
      view('d', probed('Failed', { certificateExpires: '2026-12-01T00:00:00Z' })),
      view('e', undefined),
    ];
    metrics.reads({ relays: () => relays });
    expect(await samples('relaykeeper_probe_success')).toEqual([
      '{namespace="",relay="other"} 0',
      '{namespace="mail",relay="a"} 1',
      '{namespace="mail",relay="b"} 1',
    ]);
    expect(await samples('relaykeeper_certificate_expiry_timestamp_seconds')).toEqual([
      `{namespace="",relay="other"} ${Date.UTC(2026, 11, 1) / 1_000}`,
    ]);
    relays.shift();
    expect(await samples('relaykeeper_probe_success')).toEqual([
      '{namespace="",relay="other"} 0',
      '{namespace="mail",relay="b"} 1',
      '{namespace="mail",relay="c"} 1',
    ]);
  });
});

test('a probe counts with its reason, each of its stages with its time', async () => {
  const { metrics, samples } = openMetrics();
  const report = probed('Failed').lastProbe;
  if (!report) throw new Error('no report');
  metrics.relays.probed(corporate, report);
  expect(await samples('relaykeeper_probes_total')).toEqual(['{outcome="Failed",reason="ConnectionRefused"} 1']);
  expect(await samples('relaykeeper_probe_duration_seconds_sum')).toEqual([
    '{stage="Connect"} 0.002',
    '{stage="Tls"} 1.5',
  ]);
});

describe('a delivery', () => {
  const at = attempt(start);
  const cases: [string, Settlement, string | undefined, string[]][] = [
    [
      'that was accepted counts without a reason',
      { kind: 'accepted', attempt: at },
      undefined,
      ['{namespace="mail",relay="corporate",kind="Credentials",outcome="Accepted",reason=""} 1'],
    ],
    [
      'that was refused for good counts with its reason',
      { kind: 'dead', reason: 'RecipientRejected', attempt: at },
      'RecipientRejected',
      ['{namespace="mail",relay="corporate",kind="Credentials",outcome="Refused",reason="RecipientRejected"} 1'],
    ],
    [
      'that is to be tried again counts as deferred',
      { kind: 'retry', notBefore: start, attempt: at },
      'Greylisted',
      ['{namespace="mail",relay="corporate",kind="Credentials",outcome="Deferred",reason="Greylisted"} 1'],
    ],
    ['that was not tried does not count', { kind: 'retry', notBefore: start, attempt: undefined }, undefined, []],
    [
      'whose reason is a text makes no series of that text',
      { kind: 'dropped', reason: 'because of jane@example.com' },
      'because of jane@example.com',
      ['{namespace="mail",relay="corporate",kind="Credentials",outcome="Dropped",reason="Other"} 1'],
    ],
  ];
  test.each(cases)('%s', async (_, settlement, reason, expected) => {
    const { metrics, samples } = openMetrics();
    metrics.policies.settled(settled(settlement, { reason }));
    expect(await samples('relaykeeper_deliveries_total')).toEqual(expected);
  });

  test('that was accepted tells how long the message was on its way', async () => {
    const { metrics, samples, pass } = openMetrics();
    pass(4_500);
    metrics.policies.settled(settled({ kind: 'accepted', attempt: at }));
    expect(await samples('relaykeeper_delivery_latency_seconds_sum')).toEqual(['{kind="Credentials"} 4.5']);
  });

  test('of a relay that is gone keeps no series', async () => {
    const { metrics, samples } = openMetrics({ most: 1 });
    const backup = { namespace: 'mail', name: 'backup' };
    metrics.policies.settled(settled({ kind: 'accepted', attempt: at }));
    metrics.policies.settled(settled({ kind: 'accepted', attempt: at }, { relay: backup }));
    metrics.reads({ allRelays: { list: () => [backup] } });
    const left = '{namespace="",relay="other",kind="Credentials",outcome="Accepted",reason=""} 1';
    expect(await samples('relaykeeper_deliveries_total')).toEqual([left]);
    metrics.policies.settled(settled({ kind: 'accepted', attempt: at }, { relay: backup }));
    expect(await samples('relaykeeper_deliveries_total')).toEqual([
      left,
      '{namespace="mail",relay="backup",kind="Credentials",outcome="Accepted",reason=""} 1',
    ]);
  });
});

test('the outbox tells what waits and since when; what is dead makes nobody wait', async () => {
  const { metrics, samples, pass } = openMetrics();
  const entries = [
    entry({ acceptedAt: start - 60_000, state: 'Dead' }),
    entry({ acceptedAt: start - 2_000 }),
    entry({ state: 'Leased' }),
  ];
  metrics.reads({ outbox: { list: async () => entries } });
  pass(1_000);
  expect(await samples('relaykeeper_outbox_messages')).toEqual([
    '{state="Dead"} 1',
    '{state="Leased"} 1',
    '{state="Waiting"} 1',
  ]);
  expect(await samples('relaykeeper_outbox_oldest_age_seconds')).toEqual(['3']);
});

test('policies tell what their rules come to', async () => {
  const { metrics, samples } = openMetrics();
  const key = { namespace: 'mail', name: 'guests' };
  const rules = [
    { kind: 'Alarm', name: 'a', subjects: 3, held: 1 },
    { kind: 'Alarm', name: 'b', subjects: 2 },
    { kind: 'Reminder', name: 'c', subjects: 12, due: 4, held: 4, invalid: 2 },
  ] as const;
  const status = { ...probed('Succeeded'), rules: [...rules] };
  metrics.reads({
    policies: { listPolicies: () => [key], getPolicy: () => ({ metadata: {}, status }) as never },
  });
  const of = async (name: string) => await samples(`relaykeeper_${name}`);
  expect(await of('alarms_active')).toEqual(['{namespace="mail",policy="guests"} 5']);
  expect(await of('reminders_due')).toEqual(['{namespace="mail",policy="guests"} 4']);
  expect(await of('mails_held')).toEqual(['{namespace="mail",policy="guests"} 5']);
  expect(await of('subjects_invalid')).toEqual(['{namespace="mail",policy="guests"} 2']);
  expect(await of('policy_ready')).toEqual(['{namespace="mail",policy="guests",reason="Succeeded"} 1']);
});

test('reconciles are counted by kind, how they ended and how long they took', async () => {
  const { metrics, samples, pass } = openMetrics();
  const first = metrics.relays.reconcile();
  pass(1_500);
  const second = metrics.relays.reconcile();
  expect(metrics.longestReconcile()).toBe(1_500);
  expect(await samples('relaykeeper_reconciles_under_way')).toEqual(['{kind="SmtpRelay"} 2']);
  first('done');
  second('bug');
  metrics.policies.reconcile()('done');
  expect(await samples('relaykeeper_reconciles_total')).toEqual([
    '{kind="NotificationPolicy",result="bug"} 0',
    '{kind="NotificationPolicy",result="done"} 1',
    '{kind="SmtpRelay",result="bug"} 1',
    '{kind="SmtpRelay",result="done"} 1',
  ]);
  expect(await samples('relaykeeper_reconcile_duration_seconds_sum')).toContain('{kind="SmtpRelay"} 1.5');
  expect(metrics.longestReconcile()).toBe(0);
});

test('leases, problems, requests, the webhook and the last resort are counted', async () => {
  const { metrics, samples } = openMetrics();
  metrics.elected('relaykeeper-probes', { kind: 'elected' });
  metrics.elected('relaykeeper-probes', { kind: 'failed', message: 'no answer' });
  metrics.elected('relaykeeper-alarms', { kind: 'waiting', holder: 'other' });
  expect(await samples('relaykeeper_lease_holder')).toEqual([
    '{lease="relaykeeper-alarms"} 0',
    '{lease="relaykeeper-probes"} 1',
  ]);
  metrics.elected('relaykeeper-probes', { kind: 'ended' });
  expect(await samples('relaykeeper_lease_holder')).toContain('{lease="relaykeeper-probes"} 0');
  metrics.problem({ subject: 'a', message: 'cannot be read' });
  metrics.problem({ subject: 'b', message: 'is odd', warning: true });
  expect(await samples('relaykeeper_store_problems')).toEqual(['1']);
  metrics.problem({ subject: 'a', message: undefined });
  expect(await samples('relaykeeper_store_problems')).toEqual(['0']);
  metrics.request({ verb: 'get', resource: 'secrets', status: 404, milliseconds: 2 });
  metrics.request({ verb: 'watch', resource: 'smtprelays', status: undefined, milliseconds: 2 });
  expect(await samples('relaykeeper_api_requests_total')).toEqual([
    '{verb="get",resource="secrets",code="404"} 1',
    '{verb="watch",resource="smtprelays",code="none"} 1',
  ]);
  const answered = { path: undefined, milliseconds: 3, message: undefined, from: '127.0.0.1' };
  metrics.webhook({ kind: 'answered', status: 202, alarms: 2, ...answered });
  metrics.webhook({ kind: 'answered', status: 401, alarms: 0, ...answered });
  expect(await samples('relaykeeper_webhook_alarms_total')).toEqual(['2']);
  expect(await samples('relaykeeper_webhook_requests_total')).toEqual(['{code="202"} 1', '{code="401"} 1']);
  metrics.alarms.lastResort(corporate, 'failed');
  expect(await samples('relaykeeper_last_resort_total')).toEqual(['{outcome="failed"} 1', '{outcome="told"} 0']);
  metrics.alarms.notified(3);
  expect(await samples('relaykeeper_alarm_notifications_total')).toEqual(['3']);
});

test('those who scrape together look at the outbox once', async () => {
  const { metrics } = openMetrics();
  let looked = 0;
  metrics.reads({
    outbox: {
      async list() {
        looked += 1;
        return [];
      },
    },
  });
  const [one, other] = await Promise.all([metrics.scrape(), metrics.scrape()]);
  expect(one).toBe(other);
  expect(looked).toBe(1);
});
