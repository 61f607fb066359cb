import { describe, expect, test } from 'vitest';
import { openQuietTimes } from '../../src/alarms/quiet-times.ts';
import type { QuietPeriod } from '../../src/api/notification-policy.ts';
import { hour, is, minute, terms } from './book-cases.ts';

describe('alarmTerms', () => {
  test('reads durations', () => {
    const rule = terms({
      groupWait: '10s',
      groupInterval: '1m30s',
      repeatInterval: '1d',
      rateLimit: { messages: 3, per: '1h' },
    });
    expect(rule).toMatchObject({ groupWait: 10_000, groupInterval: 90_000, repeatInterval: 24 * hour });
    expect(rule.rateLimit).toEqual({ messages: 3, per: hour });
  });

  test.each([
    ['absent is one group', {}, []],
    ['labels are sorted', { groupBy: ['reason', 'job'] }, ['job', 'reason']],
    ['"..." is every label', { groupBy: ['...'] }, 'AllLabels'],
    [
      'an address by namespace groups by namespace too',
      { groupBy: ['job'], notify: { adminAccounts: false, namespaceAnnotation: 'owner' } },
      ['job', 'namespace'],
    ],
  ])('groupBy: %s', (_, rule, groupBy) => {
    expect(terms({ groupBy: [], ...rule }).groupBy).toEqual(groupBy);
  });

  test('knows which labels decide something', () => {
    const rule = terms(
      {
        groupBy: ['job'],
        match: [is('team', 'a')],
        inhibit: [{ source: [is('severity', 'critical')], target: [is('severity', 'warning')], equal: ['node'] }],
      },
      [{ schedule: '0 22 * * *', duration: '8h', timeZone: 'Etc/UTC', except: [is('pager', 'yes')] }],
    );
    expect(rule.decisive).toEqual(['job', 'node', 'pager', 'severity', 'team']);
  });
});

describe('quiet periods', () => {
  const night: QuietPeriod = { schedule: '0 22 * * *', duration: '8h', timeZone: 'Europe/Berlin' };
  const weekend: QuietPeriod = { schedule: '0 5 * * sat', duration: '36h', timeZone: 'Europe/Berlin' };
  test.each<readonly [string, readonly QuietPeriod[], string, string | undefined]>([
    ['before it begins', [night], '2026-11-24T21:59:59+01:00', undefined],
    ['as it begins', [night], '2026-11-24T22:00:00+01:00', '2026-11-25T06:00:00+01:00'],
    ['just before it ends', [night], '2026-11-25T05:59:59+01:00', '2026-11-25T06:00:00+01:00'],
    ['as it ends', [night], '2026-11-25T06:00:00+01:00', undefined],
    [
      'in the night that clocks go forward, 8 hours later',
      [night],
      '2026-03-28T23:00:00+01:00',
      '2026-03-29T07:00:00+02:00',
    ],
    [
      'in the night that clocks go back, 8 hours later',
      [night],
      '2026-10-24T23:00:00+02:00',
      '2026-10-25T05:00:00+01:00',
    ],
    [
      'periods that overlap end with the last',
      [night, weekend],
      '2026-11-27T23:00:00+01:00',
      '2026-11-29T17:00:00+01:00',
    ],
    [
      'a period that begins again before it ends goes on',
      [{ ...night, schedule: '0 */4 * * *', duration: '5h' }],
      '2026-11-24T12:00:00+01:00',
      'later',
    ],
    ['without any', [], '2026-11-24T22:00:00+01:00', undefined],
  ])('%s', (_, periods, now, until) => {
    const quiet = openQuietTimes(periods)(Date.parse(now));
    if (until === 'later') expect(quiet?.until).toBeGreaterThan(Date.parse(now) + 24 * hour);
    else expect(quiet?.until).toBe(until === undefined ? undefined : Date.parse(until));
  });

  test('lets pass what each of the periods excepts, and nothing without an exception', () => {
    const at = Date.parse('2026-11-24T23:00:00+01:00');
    const [critical, paged] = [
      { ...night, except: [is('severity', 'critical')] },
      { ...night, except: [is('pager', 'yes')] },
    ];
    const passes = (periods: readonly QuietPeriod[], labels: Record<string, string>) =>
      openQuietTimes(periods)(at)?.passes(labels);
    expect(passes([critical], { severity: 'critical' })).toBe(true);
    expect(passes([critical], { severity: 'warning' })).toBe(false);
    expect(passes([critical, paged], { severity: 'critical' })).toBe(false);
    expect(passes([critical, paged], { severity: 'critical', pager: 'yes' })).toBe(true);
    expect(passes([night], { severity: 'critical' })).toBe(false);
    expect(passes([{ ...night, except: [] }], {})).toBe(false);
  });

  test('answers the same in whatever order it is asked', () => {
    const quietAt = openQuietTimes([night, weekend]);
    const start = Date.parse('2026-11-26T00:00:00Z');
    const moments = Array.from({ length: 50 }, (_, index) => start + ((index * 37) % 50) * 94 * minute);
    for (const now of moments) {
      const { until, from } = openQuietTimes([night, weekend])(now) ?? {};
      expect(quietAt(now)?.until).toBe(until);
      expect(quietAt(now)?.from).toBe(from);
    }
  });
});
