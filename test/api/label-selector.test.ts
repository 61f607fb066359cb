import { expect, test } from 'vitest';
import { type LabelSelector, matchesSelector } from '../../src/api/label-selector.ts';

const guest = { 'relaykeeper.dev/account': 'guest', site: 'berlin' };

test.each<readonly [string, Readonly<Record<string, string>>, LabelSelector | undefined, boolean]>([
  ['no selector takes everything', guest, undefined, true],
  ['an empty selector takes everything', {}, {}, true],
  ['a label that is equal', guest, { matchLabels: { site: 'berlin' } }, true],
  ['a label that differs', guest, { matchLabels: { site: 'paris' } }, false],
  ['a label that is missing', {}, { matchLabels: { site: 'berlin' } }, false],
  ['an empty value is a value', { site: '' }, { matchLabels: { site: '' } }, true],
  ['all labels must be there', guest, { matchLabels: { site: 'berlin', floor: '1' } }, false],
  ['In with the value', guest, requirement('In', ['paris', 'berlin']), true],
  ['In with other values', guest, requirement('In', ['paris']), false],
  ['In on a missing label', {}, requirement('In', ['']), false],
  ['NotIn with other values', guest, requirement('NotIn', ['paris']), true],
  ['NotIn with the value', guest, requirement('NotIn', ['berlin']), false],
  ['NotIn on a missing label takes it', {}, requirement('NotIn', ['berlin']), true],
  ['Exists on a label', guest, requirement('Exists'), true],
  ['Exists on a missing label', {}, requirement('Exists'), false],
  ['DoesNotExist on a label', guest, requirement('DoesNotExist'), false],
  ['DoesNotExist on a missing label', {}, requirement('DoesNotExist'), true],
  ['labels and expressions must both hold', guest, { matchLabels: guest, ...requirement('NotIn', ['berlin']) }, false],
  ['what an object inherits is no label', {}, { matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, false],
])('%s', (_, labels, selector, matches) => {
  expect(matchesSelector(labels, selector)).toBe(matches);
});

function requirement(operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', values?: string[]): LabelSelector {
  return { matchExpressions: [{ key: 'site', operator, ...(values && { values }) }] };
}
