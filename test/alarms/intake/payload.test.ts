import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IncomingAlarm } from '../../../src/alarms/intake/incoming-alarm.ts';
import { parsePayload, payloadForm } from '../../../src/alarms/intake/payload.ts';

type Json = Record<string, unknown>;

const alert = {
  status: 'firing',
  labels: { alertname: 'HighErrorRate', severity: 'critical', namespace: 'shop' },
  annotations: { summary: 'Many errors', description: 'line one\nline two' },
  startsAt: '2026-11-24T10:00:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus/graph?g0=x',
  fingerprint: 'c1a2',
};
const webhook = {
  version: '4',
  groupKey: '{}:{}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'relaykeeper',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
};
const cloudEvent = { specversion: '1.0', id: '7', source: '/backup/nightly', type: 'com.example.backup.failed' };

const withAlert = (more: Json) => ({ ...webhook, alerts: [alert, { ...alert, ...more }] });
const withEvent = (more: Json) => ({ ...cloudEvent, ...more });

describe('a body that is understood', () => {
  test("of Alertmanager's webhook each alert is an alarm with all of its labels", () => {
    expect(alarmsIn({ ...webhook, alerts: [alert] })).toEqual([
      {
        state: 'Firing',
        labels: alert.labels,
        annotations: alert.annotations,
        text: '',
        startsAt: Date.parse('2026-11-24T10:00:00.123Z'),
        endsAt: undefined,
        count: 1,
        url: 'http://prometheus/graph?g0=x',
      },
    ]);
  });

  test.each<readonly [string, unknown, Partial<IncomingAlarm>]>([
    [
      'a resolved alert has an end',
      { ...webhook, alerts: [{ ...alert, status: 'resolved', endsAt: '2026-11-24T10:05:00+01:00' }] },
      { state: 'Resolved', endsAt: Date.parse('2026-11-24T09:05:00Z') },
    ],
    [
      'an alert without a page of its own has that of Alertmanager',
      { ...webhook, alerts: [{ ...alert, generatorURL: '' }] },
      { url: 'http://alertmanager:9093/' },
    ],
    [
      'a page that is no page is left out',
      { ...webhook, externalURL: '', alerts: [{ ...alert, generatorURL: 'javascript:alert(1)' }] },
      { url: undefined },
    ],
    [
      'an empty label is no label',
      { ...webhook, alerts: [{ labels: { a: '', b: 'x' }, status: 'firing' }] },
      { labels: { b: 'x' } },
    ],
    [
      'an alert without annotations has none',
      { ...webhook, alerts: [{ ...alert, annotations: null }] },
      { annotations: {} },
    ],
    [
      'what Alertmanager left out is noted',
      { ...webhook, truncatedAlerts: 12, alerts: [alert] },
      { annotations: { ...alert.annotations, relaykeeper_note: 'Alertmanager left out 12 more alerts (max_alerts)' } },
    ],
    [
      'line breaks and control characters of a label become blanks',
      { labels: { alertname: 'A\r\nBcc: b@example.com', n: 'x\u0000y\u2028z\u202eabc', 'na\nme': 'v' } },
      { labels: { severity: 'warning', alertname: 'A Bcc: b@example.com', n: 'x y z abc', 'na me': 'v' } },
    ],
    [
      'lines of an annotation stay, its control characters do not',
      { annotations: { description: 'one\r\ntwo\u0000\tthree' } },
      { annotations: { description: 'one\ntwo \tthree' } },
    ],
    [
      'a label named as what objects have is a label',
      JSON.parse('{"labels": {"__proto__": "p", "constructor": "c", "alertname": "A"}}'),
      { labels: JSON.parse('{"severity": "warning", "__proto__": "p", "constructor": "c", "alertname": "A"}') },
    ],
    [
      'half of a surrogate pair is replaced',
      { labels: { alertname: 'a\ud800b' } },
      { labels: { severity: 'warning', alertname: 'a\ufffdb' } },
    ],
    [
      'one alarm of our own form needs no list',
      { labels: { alertname: 'Disk', severity: 'critical' }, count: 3, url: 'https://example.com/d' },
      {
        state: 'Firing',
        labels: { alertname: 'Disk', severity: 'critical' },
        text: '',
        count: 3,
        url: 'https://example.com/d',
      },
    ],
    [
      'an alarm without a name is told apart by what it says',
      { annotations: { summary: 'Disk full' } },
      { labels: { severity: 'warning' }, text: 'Disk full' },
    ],
    [
      'a list of our own form',
      { alarms: [{ labels: { alertname: 'Disk' }, status: 'resolved', startsAt: '2026-11-24T10:00:00Z' }] },
      { state: 'Resolved', startsAt: Date.parse('2026-11-24T10:00:00Z') },
    ],
    [
      'a CloudEvent has its type, source and subject for labels',
      withEvent({ subject: 'db-1', time: '2026-11-24T10:00:00Z', severity: 'Critical', data: { message: 'no space' } }),
      {
        state: 'Firing',
        labels: {
          alertname: 'com.example.backup.failed',
          source: '/backup/nightly',
          subject: 'db-1',
          severity: 'critical',
        },
        annotations: { summary: 'com.example.backup.failed of db-1', description: 'no space' },
        text: '',
        startsAt: Date.parse('2026-11-24T10:00:00Z'),
      },
    ],
    [
      'a CloudEvent without a subject is told apart by what it says',
      withEvent({ data: 'no space on /var' }),
      { text: 'no space on /var' },
    ],
    ['a CloudEvent may be the end', withEvent({ subject: 'db-1', status: 'resolved' }), { state: 'Resolved' }],
    [
      'what a CloudEvent holds for others is theirs',
      withEvent({ data: { status: 500, labels: ['a'], annotations: 'none', summary: { deep: true } } }),
      { state: 'Firing', annotations: { summary: 'com.example.backup.failed of /backup/nightly' } },
    ],
    [
      'labels in the data of a CloudEvent are labels of the alarm',
      withEvent({
        data: { labels: { severity: 'info', namespace: 'db' }, annotations: { summary: 'Failed' }, status: 'resolved' },
      }),
      {
        state: 'Resolved',
        labels: {
          alertname: 'com.example.backup.failed',
          source: '/backup/nightly',
          severity: 'info',
          namespace: 'db',
        },
        annotations: { summary: 'Failed' },
        text: '',
      },
    ],
  ])('%s', (_, body, expected) => {
    const [first] = alarmsIn(body);
    expect(first).toMatchObject(expected);
    for (const field of ['labels', 'annotations'] as const) {
      if (expected[field]) expect(first?.[field]).toStrictEqual(expected[field]);
    }
  });

  test('no alert at all is no fault', () => {
    expect(alarmsIn({ ...webhook, alerts: [] })).toEqual([]);
  });

  test('20,000 alarms in one body are taken', () => {
    expect(alarmsIn({ ...webhook, alerts: Array.from({ length: 20_000 }, () => alert) })).toHaveLength(20_000);
  });

  test('of a name that is there twice the last one counts', () => {
    const body = Buffer.from('{"labels": {"alertname": "A"}, "labels": {"alertname": "B", "x": "1", "x": "2"}}');
    expect(parsePayload(body, 'json')).toMatchObject({ alarms: [{ labels: { alertname: 'B', x: '2' } }] });
  });

  test('what is too long is cut, and stays apart from what is cut to the same', () => {
    const [one, other, again] = alarmsIn({
      alarms: ['x', 'y', 'x'].map((last) => ({ labels: { alertname: 'A', long: `${'a'.repeat(5000)}${last}` } })),
    });
    expect(one?.labels).toEqual(other?.labels);
    expect(one?.labels.long).toHaveLength(4096);
    expect(one?.labels.long?.endsWith('…')).toBe(true);
    expect(one?.text).not.toBe(other?.text);
    expect(one?.text).toBe(again?.text);
    // Digits would be taken for what differs between two tellings.
    expect(one?.text).toMatch(/^[a-p]{64}$/);
  });

  test('of too many labels those stay that rules ask for', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`label${index}`, 'x']));
    const [alarm] = alarmsIn({ labels: { ...many, alertname: 'A', severity: 'critical', namespace: 'shop' } });
    expect(Object.keys(alarm?.labels ?? {})).toHaveLength(64);
    expect(alarm?.labels).toMatchObject({ alertname: 'A', severity: 'critical', namespace: 'shop' });
    expect(alarm?.text).not.toBe('');
  });
});

describe('a body that is refused', () => {
  test.each<readonly [string, unknown, string, string]>([
    ['a list', [alert], '$', 'must be an object'],
    [
      'nothing that is known',
      { text: 'hello' },
      '$',
      "must be Alertmanager's webhook (version, alerts), a CloudEvent (specversion) or alarms",
    ],
    [
      'another version',
      { ...webhook, version: '1', alerts: [] },
      '$.version',
      'must be "4", the version that Alertmanager sends',
    ],
    [
      'a version that is a number',
      { ...webhook, version: 4, alerts: [] },
      '$.version',
      'must be "4", the version that Alertmanager sends',
    ],
    ['no list of alerts', webhook, '$.alerts', 'must be a list'],
    ['an alert that is none', { ...webhook, alerts: [alert, 'x'] }, '$.alerts[1]', 'must be an object'],
    [
      'a status that there is not',
      withAlert({ status: 'pending' }),
      '$.alerts[1].status',
      'must be "firing" or "resolved"',
    ],
    ['no labels', withAlert({ labels: undefined }), '$.alerts[1].labels', 'must be an object of strings'],
    ['a label that is a number', withAlert({ labels: { 'a b': 5 } }), '$.alerts[1].labels["a b"]', 'must be a string'],
    ['labels in a list', withAlert({ labels: [] }), '$.alerts[1].labels', 'must be an object of strings'],
    [
      'a label without a name',
      withAlert({ labels: { '\n': 'x' } }),
      '$.alerts[1].labels["\\n"]',
      'must have a name that can be read',
    ],
    [
      'an annotation that is an object',
      withAlert({ annotations: { a: {} } }),
      '$.alerts[1].annotations.a',
      'must be a string',
    ],
    ['a time that is a number', withAlert({ startsAt: 1_790_000_000 }), '$.alerts[1].startsAt', 'must be a string'],
    [
      'a time that is none',
      withAlert({ endsAt: 'yesterday' }),
      '$.alerts[1].endsAt',
      'must be a time of RFC 3339, such as 2026-11-24T10:00:00Z',
    ],
    [
      'left out as text',
      { ...webhook, truncatedAlerts: '3', alerts: [] },
      '$.truncatedAlerts',
      'must be a number of alerts',
    ],
    [
      'too many alarms',
      { alarms: Array.from({ length: 20_001 }, () => ({})) },
      '$.alarms',
      'must have at most 20000 alarms, not 20001: send them in several requests',
    ],
    [
      'a typing error in our own form',
      { alarms: [{ labels: { a: 'b' }, anotations: {} }] },
      '$.alarms[0].anotations',
      'is no field of an alarm; there are labels, annotations, status, startsAt, endsAt, count, url',
    ],
    [
      'an alarm that says nothing',
      { alarms: [{ status: 'firing', labels: {} }] },
      '$.alarms[0]',
      'must have labels or annotations',
    ],
    ['a count that is text', { labels: { a: 'b' }, count: '3' }, '$.count', 'must be a whole number, 1 at least'],
    ['a count of nothing', { labels: { a: 'b' }, count: 0 }, '$.count', 'must be a whole number, 1 at least'],
    ['another version of CloudEvents', withEvent({ specversion: '0.3' }), '$.specversion', 'must be "1.0"'],
    ['a CloudEvent without an id', withEvent({ id: undefined }), '$.id', 'must be a string that is not empty'],
    [
      'a CloudEvent with a label that is none',
      withEvent({ data: { labels: { a: 1 } } }),
      '$.data.labels.a',
      'must be a string',
    ],
    [
      'too many names',
      { labels: Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`a${n}`, ''])) },
      '$.labels',
      'must have at most 1000 names, not 1001',
    ],
  ])('%s', (_, body, path, message) => {
    expect(parse(body)).toEqual({ kind: 'refused', path, message });
  });

  test.each<readonly [string, string, string]>([
    ['nothing', '', 'must be JSON; line 1, column 1: it ends too early'],
    ['half of an object', '{"labels": {"a": "b"}', 'must be JSON; line 1, column 22: it ends too early'],
    ['a comma too many', '{\n  "a": 1,\n}', 'must be JSON; line 3, column 1: a name in double quotes is expected here'],
    ['single quotes', "{'a': 1}", 'must be JSON; line 1, column 2: a name in double quotes or } is expected here'],
    ['a number that is none', '[01]', 'must be JSON; line 1, column 2: a value or ] is expected here'],
    ['a line break in a string', '{"a": "\n"}', 'must be JSON; line 1, column 7: a value is expected here'],
    [
      'more after the end',
      '{} {}',
      'must be JSON; line 1, column 4: a comma or the end of what is open is expected here',
    ],
    ['brackets and nothing else', '['.repeat(1_000_000), 'must be nested 100 levels deep at most'],
  ])('%s', (_, text, message) => {
    expect(parsePayload(Buffer.from(text), 'json')).toEqual({ kind: 'refused', path: '$', message });
  });

  test('bytes that are no UTF-8', () => {
    expect(parsePayload(Buffer.from([0x7b, 0xff, 0x7d]), 'json')).toMatchObject({ message: 'must be UTF-8' });
  });
});

describe('any body', () => {
  const weird = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', 'constructor', 'alertname', '', '\r\n'),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      weird,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any')),
      tie('object'),
    ),
    object: fc.dictionary(weird, tie('any')),
  })).any;
  const field = fc.constantFrom(
    ...Object.keys({ ...webhook, ...cloudEvent, ...alert, alarms: 1, alerts: 1, data: 1, count: 1 }),
  );
  const near = fc.dictionary(field, fc.oneof(value, fc.array(fc.dictionary(field, value))));
  const bases = fc.constantFrom<Json>({}, { ...webhook, alerts: [alert] }, cloudEvent, {
    alarms: [{ labels: { a: 'b' } }],
  });

  test('is taken or refused, and what is taken is fit to be shown', () => {
    fc.assert(
      fc.property(bases, near, (base, changed) => {
        const result = parse({ ...base, ...changed });
        if (result.kind === 'refused') {
          expect(result.path).toMatch(/^\$/);
          return;
        }
        for (const { labels, annotations, count, startsAt } of result.alarms) {
          for (const [name, text] of Object.entries(labels)) {
            expect(`${name}${text}`).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
            expect(text === '' || name === '').toBe(false);
          }
          for (const text of Object.values(annotations)) expect(text).not.toMatch(/[^\P{Cc}\n\t]/u);
          expect(count).toBeGreaterThanOrEqual(1);
          expect(startsAt === undefined || Number.isFinite(startsAt)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('of bytes is taken or refused, and refused exactly where JSON.parse does', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string().map((text) => Buffer.from(text)),
      fc.json().map(damaged),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        const result = parsePayload(Buffer.from(body), 'json');
        const message = result.kind === 'refused' ? result.message : '';
        expect(/^must be (JSON; line|UTF-8)/.test(message)).toBe(!isJson(Buffer.from(body)));
        expect(message).not.toContain('it cannot be read');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('8 MiB of one kind', () => {
  const most = 8 * 1024 * 1024;
  const many = (text: string) => text.repeat(Math.floor((most - 100) / text.length));

  // What takes more than linear time takes minutes at this size.
  test.each<readonly [string, string]>([
    ['brackets', many('[')],
    ['objects in each other', many('{"a":')],
    ['brackets in a string', `{"labels": {"a": "${many('[')}"}}`],
    ['a string without an end', `{"labels": {"a": "${many('a')}`],
    ['escapes without an end', `{"labels": {"a": "${many('\\"')}`],
    ['a label of blanks', `{"labels": {"a": "x${many(' ')}x"}}`],
    ['a label of line breaks', `{"labels": {"a": "${many('\\n')}"}}`],
    ['an annotation of line breaks', `{"annotations": {"a": "x${many('\\r')}x"}}`],
    ['a name', `{"labels": {"${many('a')}": "x"}}`],
    ['names', `{"labels": {${many('"a":"",')}"b":"c"}}`],
    ['half surrogates', `{"labels": {"a": "${many('\\ud800')}"}}`],
    ['a page', `{"labels": {"a": "b"}, "url": "https://a/${many('?')}"}`],
    ['a number', `{"labels": {"a": "b"}, "count": ${many('1')}}`],
    ['a time', `{"labels": {"a": "b"}, "startsAt": "${many('2026-')}"}`],
    ['digits that end wrong', `[${many('1')}x`],
    ['blanks', many(' ')],
    ['alarms', `{"alarms": [${many('{"labels":{"a":"b"}},')}{}]}`],
  ])('of %s is answered in seconds', (_, body) => {
    const began = performance.now();
    expect(parsePayload(Buffer.from(body), 'json').kind).toMatch(/alarms|refused/);
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

describe('payloadForm', () => {
  test.each<readonly [string | undefined, string | undefined]>([
    ['application/json', 'json'],
    ['Application/JSON; charset=UTF-8', 'json'],
    ['application/cloudevents+json; charset=utf-8', 'cloudEvent'],
    ['application/json; charset=utf-16', undefined],
    ['text/plain', undefined],
    ['application/cloudevents-batch+json', undefined],
    [undefined, undefined],
  ])('%s is %s', (contentType, form) => {
    expect(payloadForm(contentType)).toBe(form);
  });
});

/** A character less somewhere. */
function damaged(text: string): Buffer {
  const at = Math.floor(text.length / 2);
  return Buffer.from(text.slice(0, at) + text.slice(at + 1));
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return true;
  } catch {
    return false;
  }
}

function parse(body: unknown) {
  return parsePayload(Buffer.from(JSON.stringify(body)), 'json');
}

function alarmsIn(body: unknown): readonly IncomingAlarm[] {
  const result = parse(body);
  if (result.kind === 'refused') throw new Error(`refused at ${result.path}: ${result.message}`);
  return result.alarms;
}
