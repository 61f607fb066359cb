// What an alarm rule's status says of the groups that wait.
import { expect, test } from 'vitest';
import type { AlarmGroupView } from '../../src/alarms/alarm-book.ts';
import { alarmRuleFacts } from '../../src/policies/alarms/rule-facts.ts';

test.each([
  [
    'one group names its alarm',
    ['NodeDown'],
    '1 group waits while an alarm fires that inhibits it (alertname=NodeDown).',
  ],
  ['several groups name none', ['NodeDown', 'ZoneDown'], '2 groups wait while alarms fire that inhibit them.'],
])('of what is inhibited %s', (_name, by, message) => {
  const groups = by.map((alertname) => inhibited(alertname));
  const counts = { received: 2, unmatched: 0, untold: 0, refused: 0, heldBack: 0 };
  expect(alarmRuleFacts({ firing: 2, resolved: 0, held: 0, groups, counts }, []).message).toBe(message);
});

function inhibited(alertname: string): AlarmGroupView {
  const facts = { state: 'Firing', firing: 1, resolved: 0, beganAt: 0, lastTold: undefined } as const;
  return { group: alertname, labels: {}, ...facts, waits: [{ kind: 'Inhibited', alarms: 1, by: { alertname } }] };
}
