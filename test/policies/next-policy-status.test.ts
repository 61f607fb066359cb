import { describe, expect, test } from 'vitest';
import { brokenLaws } from '../../src/api/conditions.ts';
import { fitPolicyStatus } from '../../src/api/fit-policy-status.ts';
import { maxStatusBytes } from '../../src/api/fit-status.ts';
import type { NotificationPolicyStatus, RecentDelivery } from '../../src/api/notification-policy.ts';
import { countedStatus } from '../../src/policies/counted-status.ts';
import { nextPolicyStatus, type PolicyVerdict } from '../../src/policies/next-policy-status.ts';

const now = Date.parse('2026-03-02T08:00:00Z');
const usable = { type: 'RelayReady', status: 'True', reason: 'RelayReady', message: 'Mail leaves' } as const;
const running: PolicyVerdict = { kind: 'running', relay: usable, dryRun: false, rules: [], upcoming: [] };
const violation = { reason: 'SchemaInvalid', fieldPath: 'spec.relayRef', message: 'is wrong' } as const;
const down = { ...usable, status: 'False', reason: 'NoRelayReady', message: 'none is ready' } as const;
const accepted: RecentDelivery = { outcome: 'Accepted', relay: 'mail/one', reply: '250 ok' };

function next(verdict: PolicyVerdict, before?: NotificationPolicyStatus, recentDeliveries: RecentDelivery[] = []) {
  const status = nextPolicyStatus({ before, generation: 1, verdict, recentDeliveries, now });
  expect(brokenLaws(status, before)).toEqual([]);
  return status;
}

describe('the status of a policy', () => {
  const cases: readonly [string, PolicyVerdict, readonly RecentDelivery[], readonly string[]][] = [
    [
      'that is refused is stalled',
      { kind: 'rejected', violation },
      [],
      ['Ready=False SchemaInvalid', 'Stalled=True SchemaInvalid', 'Accepted=False SchemaInvalid'],
    ],
    [
      'that is suspended is not ready, and not waited for',
      { kind: 'suspended' },
      [],
      ['Ready=False Suspended', 'Stalled=True Suspended', 'Accepted=True Accepted'],
    ],
    [
      'whose relay is missing waits for it',
      { kind: 'unresolved', violation: { ...violation, reason: 'RelayNotFound' } },
      [],
      ['Ready=False RelayNotFound', 'Accepted=True Accepted', 'ReferencesResolved=False RelayNotFound'],
    ],
    [
      'that runs',
      running,
      [],
      [
        'Ready=True Running',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'RelayReady=True RelayReady',
      ],
    ],
    [
      'that only counts says so',
      { ...running, dryRun: true },
      [],
      ['Ready=True DryRun', 'Accepted=True Accepted', 'ReferencesResolved=True Resolved', 'RelayReady=True RelayReady'],
    ],
    [
      'without a relay that works',
      { ...running, relay: down },
      [],
      [
        'Ready=False NoRelayReady',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'RelayReady=False NoRelayReady',
      ],
    ],
    [
      'tells of the last delivery',
      running,
      [accepted],
      [
        'Ready=True Running',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'RelayReady=True RelayReady',
        'Delivering=True Accepted',
      ],
    ],
    [
      'stays ready where one recipient was refused',
      running,
      [{ outcome: 'Refused', reason: 'MailboxUnavailable' }],
      [
        'Ready=True Running',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'RelayReady=True RelayReady',
        'Delivering=Unknown MailboxUnavailable',
      ],
    ],
  ];
  test.each(cases)('%s', (_, verdict, deliveries, said) => {
    const { conditions = [] } = next(verdict, undefined, [...deliveries]);
    const stalls = verdict.kind === 'unresolved';
    const found = conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
    expect(stalls ? found.filter((one) => !one.startsWith('Stalled')) : found).toEqual(said);
  });

  test('is not delivering while the last try is to be repeated, and says so once', () => {
    const facts = { generation: 1, verdict: running, now };
    const of = (status: NotificationPolicyStatus) => status.conditions?.find(({ type }) => type === 'Delivering');
    const older = [{ ...accepted, time: '2026-03-02T07:59:00Z' }];
    const delivering = nextPolicyStatus({ ...facts, before: undefined, recentDeliveries: older });
    const deferred = { relay: 'mail/one', reason: 'Greylisted', reply: '451 4.7.1 wait (A1)' };
    const waits = nextPolicyStatus({ ...facts, before: delivering, recentDeliveries: older, deferred });
    const message = 'mail/one: 451 4.7.1 wait (A1); it is tried again';
    expect(of(waits)).toMatchObject({ status: 'Unknown', reason: 'Greylisted', message });
    const again = { ...deferred, reply: '451 4.7.1 wait (B2)' };
    expect(of(nextPolicyStatus({ ...facts, before: waits, recentDeliveries: older, deferred: again }))).toEqual(
      of(waits),
    );
    expect(of(nextPolicyStatus({ ...facts, before: waits, recentDeliveries: older }))).toEqual(of(waits));
    const newer = [{ ...accepted, time: '2026-03-02T08:01:00Z' }, ...older];
    expect(of(nextPolicyStatus({ ...facts, before: waits, recentDeliveries: newer }))).toMatchObject({
      status: 'True',
    });
  });

  test('sums up its rules, and names the earliest next run', () => {
    const rules = [
      { kind: 'Credentials', name: 'a', sent: 3, failed: 1, pending: 2 },
      { kind: 'Reminder', name: 'b', sent: 4, nextRun: '2026-03-04T08:00:00Z' },
      { kind: 'Reminder', name: 'c', nextRun: '2026-03-03T08:00:00Z' },
    ];
    const status = next({ ...running, rules });
    expect(status).toMatchObject({ totals: { sent: 7, failed: 1, pending: 2 }, nextRun: '2026-03-03T08:00:00Z' });
    expect(next(running, status)).not.toHaveProperty('nextRun');
  });

  test('keeps its rules while it cannot run', () => {
    const rules = [{ kind: 'Reminder', name: 'b', sent: 4, lastRun: '2026-03-01T08:00:00Z' }];
    expect(next({ kind: 'suspended' }, next({ ...running, rules })).rules).toEqual(rules);
  });

  test('by a replica that only counts has its counts, and all else as it was', () => {
    const rules = [
      { kind: 'Credentials', name: 'a', sent: 3, failed: 1, pending: 2, sentBy: 'other', message: 'as it was' },
    ];
    const before = next({ ...running, rules });
    const counts = new Map([['Credentials/a', { sent: 2, failed: 1 }]]);
    const status = countedStatus(
      before,
      { counts, deliveries: [accepted], lastTest: undefined, drops: [], deferred: undefined },
      'here',
    );
    expect(status).toEqual({
      ...before,
      rules: [{ ...rules[0], sent: 5, failed: 2, sentBy: 'here' }],
      totals: { sent: 5, failed: 2, pending: 2 },
      recentDeliveries: [accepted],
    });
  });

  test('fits, however much there is to say', () => {
    const rules = Array.from({ length: 64 }, (_, index) => ({
      kind: 'Credentials',
      name: `rule-${index}`,
      message: 'm'.repeat(600),
      since: '2026-03-01T08:00:00Z',
    }));
    const relay = { ...usable, message: 'x'.repeat(40_000) };
    const deliveries = Array.from({ length: 12 }, () => ({ ...accepted, reply: 'r'.repeat(500) }));
    const status = fitPolicyStatus(next({ ...running, relay, rules }, undefined, deliveries));
    expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThanOrEqual(maxStatusBytes);
    expect(status.rules).toHaveLength(64);
  });
});
