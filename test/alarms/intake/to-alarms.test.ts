import { expect, test } from 'vitest';
import type { Alarm } from '../../../src/alarms/alarm.ts';
import { mergeAlarm } from '../../../src/alarms/book/merge-alarm.ts';
import { decodeRequest, encodeRequest, type InboxRequest } from '../../../src/alarms/intake/inbox-request.ts';
import type { IncomingAlarm } from '../../../src/alarms/intake/incoming-alarm.ts';
import { toAlarms } from '../../../src/alarms/intake/to-alarms.ts';
import type { AlarmRule } from '../../../src/api/notification-policy.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const minute = 60_000;
const resolveAfter = 60 * minute;

const rule: AlarmRule = {
  name: 'prometheus',
  sources: { relays: false, webhook: { tokenSecretRef: { name: 'token', key: 'token' }, resolveAfter: '1h' } },
  fingerprint: 'Normalized',
  groupWait: '30s',
  groupInterval: '5m',
  repeatInterval: '4h',
  sendResolved: true,
  timeZone: 'Etc/UTC',
  notify: { addresses: ['oncall@example.com'], adminAccounts: false },
};
const incoming: IncomingAlarm = {
  state: 'Firing',
  labels: { alertname: 'Disk', severity: 'critical' },
  annotations: { summary: 'Full' },
  text: '',
  startsAt: now - minute,
  endsAt: undefined,
  count: 1,
  url: undefined,
};

test.each<readonly [string, Partial<IncomingAlarm>, Partial<Alarm>]>([
  [
    'one that fires is over when it is not told again',
    {},
    { startsAt: now - minute, endsAt: now + resolveAfter, lastSeen: now },
  ],
  ['a sender may say that it is over earlier', { endsAt: now + minute }, { endsAt: now + minute }],
  ['and not later than the rule says', { endsAt: now + 48 * resolveAfter }, { endsAt: now + resolveAfter }],
  ['one that fires was not over before', { endsAt: now - minute }, { endsAt: now + resolveAfter }],
  ['one that began nobody knows when begins now', { startsAt: undefined }, { startsAt: now }],
  ['a clock that is a bit ahead is as good as ours', { startsAt: now + minute }, { startsAt: now }],
  ["one without a name has its rule's", { labels: {} }, { labels: { alertname: 'prometheus' } }],
  ['a resolved one keeps its end', { state: 'Resolved', endsAt: now - 1 }, { state: 'Resolved', endsAt: now - 1 }],
  ['the end is not in the future', { state: 'Resolved', endsAt: now + minute }, { endsAt: now }],
  ['an end that nobody knows is now', { state: 'Resolved' }, { endsAt: now }],
  [
    'an end before its beginning is now',
    { state: 'Resolved', endsAt: now - 2 * minute },
    { startsAt: now - minute, endsAt: now },
  ],
  [
    'an end by the clock of the sender does not end what began by ours',
    { state: 'Resolved', startsAt: undefined, endsAt: now - 60 * minute },
    { startsAt: now, endsAt: now },
  ],
])('%s', (_, more, expected) => {
  const [alarm] = toAlarms([{ ...incoming, ...more }], { rule, now });
  expect(alarm).toMatchObject(expected);
  expect(alarm?.annotations).toEqual(incoming.annotations);
});

test.each([
  ['before there was anything to monitor', '1970-01-01T00:00:00Z'],
  ['in the future', '2026-11-24T10:06:00Z'],
])('a beginning %s is replaced by now, and noted', (_, began) => {
  const startsAt = Date.parse(began);
  const [alarm] = toAlarms([{ ...incoming, startsAt }], { rule, now });
  expect(alarm?.startsAt).toBe(now);
  expect(alarm?.annotations).toEqual({
    summary: 'Full',
    relaykeeper_note: `the sender's clock is wrong: it says that this began at ${new Date(startsAt).toISOString()}`,
  });
});

test.each([0, 48, -48, -24 * 365 * 40])('of a sender whose clock is %i hours off the end ends what began', (hours) => {
  const off = hours * 60 * minute;
  const [began, later] = [now, now + 5 * minute];
  const [firing] = toAlarms([{ ...incoming, startsAt: began + off }], { rule, now: began + 1000 });
  const [resolved] = toAlarms([{ ...incoming, state: 'Resolved', startsAt: began + off, endsAt: later + off }], {
    rule,
    now: later + 1000,
  });
  if (!firing || !resolved) throw new Error('there are two');
  expect(resolved.fingerprint).toBe(firing.fingerprint);
  expect(mergeAlarm(firing, resolved)?.state).toBe('Resolved');
});

test('what fires and its end are the same alarm whatever its texts say', () => {
  const [firing, resolved, other] = toAlarms(
    [
      incoming,
      { ...incoming, state: 'Resolved', annotations: { summary: 'It is over' } },
      { ...incoming, labels: { ...incoming.labels, instance: 'b' } },
    ],
    { rule, now },
  );
  expect(resolved?.fingerprint).toBe(firing?.fingerprint);
  expect(other?.fingerprint).not.toBe(firing?.fingerprint);
});

test('a test alarm of a rule without a webhook is over after a day, and is no alarm of the webhook', () => {
  const [alarm] = toAlarms([incoming], { rule: { ...rule, sources: { relays: true } }, now, source: 'test' });
  const [real] = toAlarms([incoming], { rule, now });
  expect(alarm).toMatchObject({ source: 'test', endsAt: now + 24 * 60 * minute });
  expect(alarm?.fingerprint).not.toBe(real?.fingerprint);
});

const request: InboxRequest = {
  version: 1,
  namespace: 'mail',
  policy: 'guests',
  alarm: 'prometheus',
  receivedAt: now,
  alarms: [incoming, { ...incoming, state: 'Resolved', endsAt: now, url: 'https://example.com/' }],
};

test('a request comes out of its record as it went in', () => {
  const labels = JSON.parse('{"__proto__": "p"}') as Record<string, string>;
  const kept: InboxRequest = { ...request, source: 'test', alarms: [...request.alarms, { ...incoming, labels }] };
  const decoded = decodeRequest(encodeRequest(kept));
  expect(decoded.kind === 'request' && encodeRequest(decoded.request)).toEqual(encodeRequest(kept));
});

test.each<readonly [string, unknown, string]>([
  ['a list', [], 'it is no object'],
  ['another version', { ...request, version: 2 }, 'it is of another version than 1'],
  ['no policy', { ...request, policy: 7 }, 'policy is no string'],
  ['no time', { ...request, receivedAt: '10:00' }, 'receivedAt is no time'],
  ['a time that there is not', { ...request, receivedAt: 1e300 }, 'receivedAt is no time'],
  ['no alarms', { ...request, alarms: {} }, 'alarms is no list'],
  [
    'an alarm that is none',
    { ...request, alarms: [incoming, { ...incoming, labels: { a: 1 } }] },
    'alarms[1] is no alarm',
  ],
  [
    'an alarm at a time that there is not',
    { ...request, alarms: [{ ...incoming, startsAt: 1e300 }] },
    'alarms[0] is no alarm',
  ],
])('a record with %s is told', (_, value, message) => {
  expect(decodeRequest(Buffer.from(JSON.stringify(value)))).toEqual({ kind: 'unreadable', message });
});

test('a record that is no JSON is told', () => {
  expect(decodeRequest(Buffer.from('{"version": 1'))).toMatchObject({ kind: 'unreadable' });
});
