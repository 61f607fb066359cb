// Recorded streams as they come: whoever wrote them, what is in them is found, and what is wrong is told by its place.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonValues } from '../../../src/cli/alarms/json-values.ts';
import { recordedStream } from '../../../src/cli/alarms/recorded-stream.ts';

const at = '2026-11-24T10:00:00Z';
const alarm = { labels: { alertname: 'DiskFull' } };
const alert = { status: 'firing', labels: { alertname: 'DiskFull' }, startsAt: '2026-11-24T09:59:00Z' };
const event = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'api.1', namespace: 'shop', uid: 'u1', creationTimestamp: at },
  involvedObject: { kind: 'Pod', namespace: 'shop', name: 'api' },
  ...{ type: 'Warning', reason: 'BackOff', message: 'Back-off restarting', count: 1, lastTimestamp: at },
  source: { component: 'kubelet' },
};
const newEvent = {
  ...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: event.metadata, regarding: event.involvedObject },
  ...{ type: 'Warning', reason: 'BackOff', note: 'Back-off restarting', eventTime: '2026-11-24T10:00:00.000000Z' },
  reportingController: 'kubelet',
};

test.each([
  ['an alarm with its time', { at, alarm }, '10:00:00 DiskFull'],
  ['alarms with their time', { at, alarms: [alarm, alarm] }, '10:00:00 DiskFull DiskFull'],
  ['an alarm beside its time', { at, ...alarm }, '10:00:00 DiskFull'],
  ["Alertmanager's body with a time", { at, version: '4', alerts: [alert] }, '10:00:00 DiskFull'],
  ["Alertmanager's body by the time of its last alert", { version: '4', alerts: [alert] }, '09:59:00 DiskFull'],
  [
    'one that is over by its end',
    { version: '4', alerts: [{ ...alert, status: 'resolved', endsAt: at }] },
    '10:00:00 DiskFull',
  ],
  [
    'a CloudEvent by its time',
    { specversion: '1.0', id: '1', type: 'DiskFull', source: 's', time: at },
    '10:00:00 DiskFull',
  ],
  ['an Event of the core API', event, '10:00:00 kubelet BackOff of Pod shop/api: Back-off restarting'],
  ['an Event of events.k8s.io', newEvent, '10:00:00 kubelet BackOff of Pod shop/api: Back-off restarting'],
  [
    'a list of kubectl',
    { kind: 'List', items: [event] },
    '10:00:00 kubelet BackOff of Pod shop/api: Back-off restarting',
  ],
  [
    'a watch of kubectl',
    { type: 'MODIFIED', object: event },
    '10:00:00 kubelet BackOff of Pod shop/api: Back-off restarting',
  ],
])('%s', (_name, value, text) => {
  expect(read(JSON.stringify(value))).toEqual({ records: [text], faults: [] });
  expect(read(JSON.stringify(value, null, 2))).toEqual({ records: [text], faults: [] });
});

test('an Event that a watch saw go tells nothing', () => {
  expect(read(JSON.stringify({ type: 'DELETED', object: event }))).toEqual({ records: [], faults: [] });
});

test('of a series its first and its last time are known', () => {
  const series = { ...event, count: 12, firstTimestamp: '2026-11-24T09:50:00Z' };
  const { records } = recordedStream(JSON.stringify(series));
  expect(records).toMatchObject([
    { at: Date.parse('2026-11-24T09:50:00Z'), event: { count: 1, lastSeen: Date.parse('2026-11-24T09:50:00Z') } },
    { at: Date.parse(at), event: { count: 12, lastSeen: Date.parse(at) } },
  ]);
});

test('what came is given by time, whatever the order of the file', () => {
  const lines = [`${JSON.stringify({ at, alarm })}`, '', JSON.stringify({ version: '4', alerts: [alert] })];
  expect(read(lines.join('\n')).records).toEqual(['09:59:00 DiskFull', '10:00:00 DiskFull']);
});

test.each([
  ['JSON that breaks off', `{"at":"${at}","alarm":{"labels":{}}}\n{"at":`, '$ must be JSON; line 2, column 7: .*'],
  ['a document that breaks off', '{\n  "at":\n', '$ must be JSON; line \\d, column \\d: .*'],
  ['a text', '"alarm"', '1: $ must be an object'],
  ['an alarm of the wrong kind', `\n{"at":"${at}","alarm":{"labels":{"x":5}}}`, '2: $.alarm.labels.x must be a string'],
  ['a body of the wrong version', `{"at":"${at}","version":"3","alerts":[]}`, '1: $.version must be "4".*'],
  ['no time', '{"alarm":{"labels":{"a":"b"}}}', '1: $.at must say when it came.*'],
  ['a time that is none', '{"at":"noon","alarm":{}}', '1: $.at must be a time of RFC 3339.*'],
  ['two forms at once', `{"at":"${at}","alarm":{},"alarms":[]}`, '1: $.alarms must not stand beside alarm'],
  ['another kind', '{"kind":"Pod"}', '1: $.kind must be Event, or a list of them'],
  [
    'an Event without a uid',
    '{"kind":"List","items":[{"kind":"Event"}]}',
    '1: $.items[0].metadata.uid must be there.*',
  ],
])('%s is told by its line and path', (_name, text, message) => {
  const { faults } = read(text);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(new RegExp(`^${message.replaceAll('$', '\\$').replace('[0]', '\\[0\\]')}$`));
});

test('every fault of a list is told', () => {
  expect(read(JSON.stringify([{ at, alarm }, {}, { kind: 'Pod' }])).faults).toHaveLength(2);
});

test('values are found however they are laid out, each with the line it begins in', () => {
  const layouts = fc.array(fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), fc.constantFrom(0, 2)));
  fc.assert(
    fc.property(layouts, (values) => {
      let text = '';
      const lines: number[] = [];
      for (const [value, blank, indent] of values) {
        text += '\n'.repeat(blank);
        lines.push(text.split('\n').length);
        text += `${JSON.stringify(value, null, indent)}\n`;
      }
      const found = jsonValues(text);
      if (found.kind === 'invalid') throw new Error(found.message);
      expect(found.values.map(({ line }) => line)).toEqual(lines);
      expect(found.values.map(({ value }) => value)).toEqual(
        values.map(([value]) => JSON.parse(JSON.stringify(value))),
      );
    }),
  );
});

test('no text takes it long, or makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void recordedStream(text)));
  const deep = '['.repeat(100_000);
  expect(read(deep).faults).toHaveLength(1);
  expect(read(`${deep}${']'.repeat(100_000)}`).faults[0]).toMatch(/is nested too deep$/);
});

function read(text: string) {
  const { records, faults } = recordedStream(text);
  return {
    records: records.map((record) => `${new Date(record.at).toISOString().slice(11, 19)} ${said(record)}`),
    faults: faults.map(({ line, path, message }) => `${line === undefined ? '' : `${line}: `}${path} ${message}`),
  };
}

function said(record: ReturnType<typeof recordedStream>['records'][number]): string {
  if (record.kind === 'alarms') return record.alarms.map(({ labels }) => labels.alertname).join(' ');
  const { reportingController, reason, regarding, note } = record.event;
  return `${reportingController} ${reason} of ${regarding.kind} ${regarding.namespace}/${regarding.name}: ${note}`;
}
