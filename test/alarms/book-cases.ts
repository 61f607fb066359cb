// Short words for tests of the alarm book: rules, alarms and mails on one line each.
import type { Alarm } from '../../src/alarms/alarm.ts';
import { fingerprintOf } from '../../src/alarms/fingerprint.ts';
import type { Notice } from '../../src/alarms/notice.ts';
import { type AlarmTerms, alarmTerms } from '../../src/alarms/terms.ts';
import type { AlarmMatcher, AlarmRule, QuietPeriod } from '../../src/api/notification-policy.ts';

export const ids = { policy: { namespace: 'mail', name: 'guests' }, rule: 'cluster-warnings' };
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
/** A Tuesday, 12:00 UTC. */
export const noon = Date.UTC(2026, 10, 24, 12);

export function terms(rule: Partial<AlarmRule> = {}, quiet?: readonly QuietPeriod[]): AlarmTerms {
  return alarmTerms({ ...defaults, ...rule }, quiet);
}

const defaults: AlarmRule = {
  name: ids.rule,
  sources: { relays: false },
  fingerprint: 'Normalized',
  groupBy: ['job'],
  groupWait: '30s',
  groupInterval: '5m',
  repeatInterval: '4h',
  sendResolved: true,
  timeZone: 'Etc/UTC',
  notify: { adminAccounts: false, addresses: ['oncall@example.com'] },
};

export function is(key: string, ...values: string[]): AlarmMatcher {
  return { key, operator: 'In', values };
}

/** `api/down critical`: job, alertname, severity. */
export function alarm(text: string, fields: Partial<Alarm> = {}): Alarm {
  const [name = '', severity = 'warning'] = text.split(' ');
  const [job = '', alertname = ''] = name.split('/');
  const labels = fields.labels ?? { alertname, job, severity };
  const source = fields.source ?? 'webhook';
  return {
    fingerprint: fingerprintOf({ source, labels, text: '' }, 'Normalized'),
    source,
    state: 'Firing',
    labels,
    annotations: { summary: `${alertname} at ${job}` },
    startsAt: noon,
    endsAt: undefined,
    lastSeen: noon,
    count: 1,
    url: undefined,
    ...fields,
  };
}

export function resolved(text: string, endsAt: number, fields: Partial<Alarm> = {}): Alarm {
  return alarm(text, { state: 'Resolved', endsAt, lastSeen: endsAt, ...fields });
}

/** `+30s First api: down | disk`: when, why, which group: firing | resolved. */
export function spoken(notice: Notice, since = noon): string {
  const at = `+${(notice.at - since) / second}s`;
  switch (notice.kind) {
    case 'Group': {
      const names = (state: string) =>
        notice.alarms
          .filter((row) => row.state === state)
          .map(({ labels }) => labels.alertname)
          .sort()
          .join(' ');
      const text = `${at} ${notice.reason} ${Object.values(notice.groupLabels).join(',')}: ${names('Firing')} | ${names('Resolved')}`;
      return text.trim();
    }
    case 'Digest': {
      const [still, gone] = [notice.stillFiringAlarms, notice.cameAndWentAlarms].map((rows) =>
        rows
          .map(({ labels }) => labels.alertname)
          .sort()
          .join(' '),
      );
      return `${at} Digest ${notice.stillFiring}+${notice.cameAndWent}: ${still} | ${gone}`.trim();
    }
    case 'HeldBack': {
      const groups = notice.groups.map(
        ({ groupLabels, heldBack }) => `${Object.values(groupLabels).join(',')} ${heldBack}`,
      );
      return `${at} HeldBack ${notice.heldBack}: ${groups.join(', ')}`;
    }
  }
}
