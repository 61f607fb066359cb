import { expect, test } from 'vitest';
import {
  type ConditionAlarms,
  type ConditionMemory,
  type ConditionSource,
  conditionAlarms,
  type SeenResource,
} from '../../../src/alarms/intake/condition-alarms.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const minute = 60_000;
const part: ConditionSource = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  type: 'Available',
  status: 'False',
  for: '5m',
  severity: 'critical',
};
const condition = {
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
  lastTransitionTime: '2026-11-24T09:50:00Z',
};

function look(
  conditions: unknown,
  more: { part?: Partial<ConditionSource>; memory?: ConditionMemory; at?: number } = {},
): ConditionAlarms {
  const { memory = new Map(), at = now } = more;
  return conditionAlarms([resource({ status: { conditions } })], {
    part: { ...part, ...more.part },
    source: 'conditions/0',
    memory,
    now: at,
  });
}

function resource(object: SeenResource['object']): SeenResource {
  return { namespace: 'shop', name: 'web', labels: { tier: 'front' }, object };
}

test('a condition that is bad for long enough is an alarm', () => {
  expect(look([{ type: 'Progressing', status: 'True' }, condition])).toMatchObject({
    nextAt: undefined,
    alarms: [
      {
        source: 'conditions/0',
        state: 'Firing',
        labels: {
          alertname: 'DeploymentNotAvailable',
          namespace: 'shop',
          kind: 'Deployment',
          name: 'web',
          condition: 'Available',
          status: 'False',
          severity: 'critical',
          reason: 'MinimumReplicasUnavailable',
        },
        annotations: {
          summary: 'Deployment web: Available is False (MinimumReplicasUnavailable)',
          description: 'Deployment does not have minimum availability.',
        },
        startsAt: now - 10 * minute,
        endsAt: undefined,
      },
    ],
  });
});

test.each<readonly [string, unknown, Partial<ConditionSource>, number, number | undefined]>([
  ['that is good is none', [{ ...condition, status: 'True' }], {}, 0, undefined],
  ['of another type is none', [{ ...condition, type: 'Progressing' }], {}, 0, undefined],
  [
    'that is not bad for long is one later',
    [{ ...condition, lastTransitionTime: '2026-11-24T09:58:00Z' }],
    {},
    0,
    now + 3 * minute,
  ],
  [
    'that is bad for exactly that long is one',
    [{ ...condition, lastTransitionTime: '2026-11-24T09:55:00Z' }],
    {},
    1,
    undefined,
  ],
  ['without a time is bad since now', [{ ...condition, lastTransitionTime: undefined }], {}, 0, now + 5 * minute],
  [
    'with a time to come is bad since now',
    [{ ...condition, lastTransitionTime: '2026-11-24T11:00:00Z' }],
    {},
    0,
    now + 5 * minute,
  ],
  [
    'without a time is one at once where nothing is waited for',
    [{ ...condition, lastTransitionTime: null }],
    { for: '0s' },
    1,
    undefined,
  ],
  ['with one of the reasons is one', [condition], { reasons: ['MinimumReplicasUnavailable'] }, 1, undefined],
  ['with another reason is none', [condition], { reasons: ['Other'] }, 0, undefined],
  ['of an object that is selected is one', [condition], { selector: { matchLabels: { tier: 'front' } } }, 1, undefined],
  ['of another object is none', [condition], { selector: { matchLabels: { tier: 'back' } } }, 0, undefined],
  ['in what is no list is none', { Available: condition }, {}, 0, undefined],
  ['beside what is no condition is one', [null, 'x', 7, condition], {}, 1, undefined],
])('a condition %s', (_, conditions, more, alarms, nextAt) => {
  const found = look(conditions, { part: more });
  expect({ alarms: found.alarms.length, nextAt: found.nextAt }).toEqual({ alarms, nextAt });
});

test.each<readonly [ConditionSource['status'], string, string]>([
  ['False', 'Ready', 'DeploymentNotReady'],
  ['True', 'Stalled', 'DeploymentStalled'],
  ['Unknown', 'Ready', 'DeploymentReadyUnknown'],
])('status %s of %s is called %s', (status, type, name) => {
  const [alarm] = look([{ ...condition, status, type }], { part: { status, type } }).alarms;
  expect(alarm?.labels).toMatchObject({ alertname: name });
});

test('an object without a status is no alarm', () => {
  const options = { part, source: 'conditions/0', memory: new Map(), now };
  for (const object of [{}, { status: null }, { status: 'x' }, { status: {} }]) {
    expect(conditionAlarms([resource(object)], options).alarms).toEqual([]);
  }
});

test('what does not say since when is bad since it was first seen to be', () => {
  const timeless = [{ ...condition, lastTransitionTime: undefined }];
  const first = look(timeless);
  const second = look(timeless, { memory: first.memory, at: now + 5 * minute });
  expect(second.alarms).toMatchObject([{ startsAt: now }]);
  const healed = look([], { memory: second.memory, at: now + 6 * minute });
  expect(healed.memory.size).toBe(0);
  expect(look(timeless, { memory: healed.memory, at: now + 7 * minute }).alarms).toEqual([]);
});

test('looking again says the same to the letter, and one that was away is told as seen anew', () => {
  const first = look([condition]);
  const again = look([condition], { memory: first.memory, at: now + minute });
  expect(again.alarms).toEqual(first.alarms);
  const back = look([condition], { memory: new Map(), at: now + 2 * minute });
  expect(back.alarms).toMatchObject([{ fingerprint: first.alarms[0]?.fingerprint, lastSeen: now + 2 * minute }]);
});

test('another reason and message are the same alarm', () => {
  const [one, other] = [condition, { ...condition, reason: 'Other', message: 'else' }].map(
    (each) => look([each]).alarms[0],
  );
  expect(other?.fingerprint).toBe(one?.fingerprint);
  expect(other?.labels).toMatchObject({ reason: 'Other' });
});
