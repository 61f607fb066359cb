import { expect, test } from 'vitest';
import type { ConditionSource } from '../../../src/alarms/intake/condition-alarms.ts';
import { conditionSources, isConditionSource } from '../../../src/alarms/intake/condition-sources.ts';

const one: ConditionSource = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  type: 'Available',
  status: 'False',
  for: '5m',
  severity: 'critical',
  selector: { matchLabels: { app: 'web', tier: 'front' } },
};
const other: ConditionSource = { ...one, type: 'Progressing' };

test('a part keeps its name wherever it stands', () => {
  const [first, second] = conditionSources([one, other]);
  expect(conditionSources([other, one])).toEqual([second, first]);
  expect(conditionSources([other])).toEqual([second]);
  expect(first).not.toBe(second);
  expect(isConditionSource(first ?? '')).toBe(true);
});

test.each<[string, Partial<ConditionSource>]>([
  ['how long it waits', { for: '1h' }],
  ['its severity', { severity: 'info' }],
  ['the order of its labels', { selector: { matchLabels: { tier: 'front', app: 'web' } } }],
])('%s does not name it', (_, change) => {
  expect(conditionSources([{ ...one, ...change }])).toEqual(conditionSources([one]));
});

test.each<[string, Partial<ConditionSource>]>([
  ['the kind', { kind: 'DaemonSet' }],
  ['the status', { status: 'Unknown' }],
  ['the selector', { selector: { matchLabels: { app: 'api' } } }],
])('%s does', (_, change) => {
  expect(conditionSources([{ ...one, ...change }])).not.toEqual(conditionSources([one]));
});

test('two that look at the same are two', () => {
  expect(new Set(conditionSources([one, { ...one, for: '1h' }])).size).toBe(2);
});
