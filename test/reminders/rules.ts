// A rule and a subject as most tests of reminders need them.
import type { ReminderRule } from '../../src/api/notification-policy.ts';
import type { Subject } from '../../src/reminders/subject.ts';

export const policy = { namespace: 'mail', name: 'guests' };

export function reminderRule(changes: Partial<ReminderRule> = {}): ReminderRule {
  return {
    name: 'expiry',
    subjects: { accounts: { expiry: 'AccountEnd' } },
    daysBefore: [14, 7, 1],
    afterExpiry: false,
    schedule: '0 8 * * *',
    timeZone: 'Europe/Berlin',
    notify: { account: true, sponsor: false },
    digest: false,
    ...changes,
  };
}

export function subject(end: string | number, changes: Partial<Subject> = {}): Subject {
  return {
    kind: 'subject',
    key: { namespace: 'mail', name: 'anna' },
    end: typeof end === 'number' ? end : Date.parse(end),
    createdAt: Date.UTC(2026, 0, 1),
    account: 'anna@example.com',
    sponsor: undefined,
    address: undefined,
    ...changes,
  };
}

/** Runs of 08:00 in Berlin on these days. */
export function at8(...dates: readonly string[]): number[] {
  return dates.map((date) =>
    Date.parse(`${date}T08:00:00${date > '2026-10-24' || date < '2026-03-29' ? '+01:00' : '+02:00'}`),
  );
}
