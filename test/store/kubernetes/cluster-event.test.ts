import { expect, test } from 'vitest';
import { clusterEvent } from '../../../src/store/kubernetes/cluster-event.ts';

const at = (minute: number) => `2026-11-24T10:0${minute}:00Z`;
const time = (minute: number) => Date.parse(at(minute));
const metadata = { uid: 'u-1', namespace: 'shop', name: 'web.17', creationTimestamp: at(0) };

test.each([
  ['a first one of events.k8s.io', { eventTime: '2026-11-24T10:01:00.000000Z' }, [1, time(1), time(1)]],
  [
    'a series',
    { eventTime: at(1), series: { count: 7, lastObservedTime: '2026-11-24T10:05:00.000000Z' }, deprecatedCount: 2 },
    [7, time(1), time(5)],
  ],
  [
    'one of the core API',
    { eventTime: null, deprecatedCount: 4, deprecatedFirstTimestamp: at(2), deprecatedLastTimestamp: at(6) },
    [4, time(2), time(6)],
  ],
  ['one whose deprecated count is 0', { eventTime: at(1), deprecatedCount: 0 }, [1, time(1), time(1)]],
  ['one without any time but its creation', {}, [1, time(0), time(0)]],
  ['one with times that are none', { eventTime: 'soon', series: { lastObservedTime: 3 } }, [1, time(0), time(0)]],
])('count and times of %s', (_name, fields, expected) => {
  const event = clusterEvent({ metadata, ...fields });
  expect([event?.count, event?.firstSeen, event?.lastSeen]).toEqual(expected);
});

test('of an Event what alarms look at is kept, and nothing else', () => {
  const event = clusterEvent({
    metadata: { ...metadata, managedFields: [{ manager: 'kubelet' }], annotations: { a: 'b' } },
    type: 'Warning',
    reason: 'BackOff',
    note: 'Back-off restarting',
    deprecatedSource: { component: 'kubelet', host: 'node-1' },
    regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web', uid: 'p-1', fieldPath: 'spec' },
  });
  expect(event).toEqual({
    ...{ uid: 'u-1', namespace: 'shop', name: 'web.17', type: 'Warning', reason: 'BackOff', action: '' },
    note: 'Back-off restarting',
    regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
    reportingController: 'kubelet',
    ...{ count: 1, firstSeen: time(0), lastSeen: time(0) },
  });
});

test.each([[undefined], [null], [{}], [{ metadata: {} }], ['text']])('%j is no Event', (object) => {
  expect(clusterEvent(object)).toBeUndefined();
});
