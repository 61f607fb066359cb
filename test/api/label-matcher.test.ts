import { describe, expect, test } from 'vitest';
import { expressionFault, labelTest } from '../../src/api/label-matcher.ts';
import type { AlarmMatcher } from '../../src/api/notification-policy.ts';

const labels = { severity: 'critical', job: 'api-server', empty: '', lines: 'a\nb' };

describe('labelTest', () => {
  test.each<readonly [string, AlarmMatcher, boolean]>([
    ['In holds for one of the values', { key: 'severity', operator: 'In', values: ['warning', 'critical'] }, true],
    ['In does not hold for a part of a value', { key: 'severity', operator: 'In', values: ['critic'] }, false],
    [
      'In holds for a missing label where empty is among the values',
      { key: 'none', operator: 'In', values: [''] },
      true,
    ],
    ['NotIn holds for a missing label', { key: 'none', operator: 'NotIn', values: ['critical'] }, true],
    ['NotIn does not hold for one of the values', { key: 'severity', operator: 'NotIn', values: ['critical'] }, false],
    ['Exists holds for a label with a value', { key: 'severity', operator: 'Exists' }, true],
    ['Exists does not hold for an empty label', { key: 'empty', operator: 'Exists' }, false],
    ['Exists does not take a name of the prototype for a label', { key: 'constructor', operator: 'Exists' }, false],
    ['DoesNotExist holds for a missing label', { key: 'none', operator: 'DoesNotExist' }, true],
    ['DoesNotExist holds for an empty label', { key: 'empty', operator: 'DoesNotExist' }, true],
    ['Matches is for the whole value', { key: 'job', operator: 'Matches', values: ['api'] }, false],
    ['Matches takes any of the expressions', { key: 'job', operator: 'Matches', values: ['db.*', 'api-.*'] }, true],
    ['an alternative is anchored as a whole', { key: 'job', operator: 'Matches', values: ['api|web'] }, false],
    ['a dot matches a line break', { key: 'lines', operator: 'Matches', values: ['a.b'] }, true],
    [
      'Matches holds for a missing label where the expression can be empty',
      { key: 'none', operator: 'Matches', values: ['.*'] },
      true,
    ],
    [
      'NotMatches holds where no expression matches',
      { key: 'job', operator: 'NotMatches', values: ['db', 'web'] },
      true,
    ],
    [
      'NotMatches does not hold where one matches',
      { key: 'job', operator: 'NotMatches', values: ['db', 'api.+'] },
      false,
    ],
  ])('%s', (_, matcher, holds) => {
    expect(labelTest([matcher])(labels)).toBe(holds);
  });

  test('all requirements have to hold, and none hold always', () => {
    const critical: AlarmMatcher = { key: 'severity', operator: 'In', values: ['critical'] };
    const missing: AlarmMatcher = { key: 'none', operator: 'Exists' };
    expect(labelTest([critical, missing])(labels)).toBe(false);
    expect(labelTest([])({})).toBe(true);
  });

  test('an expression that backtracking engines take for ever on is answered at once', () => {
    const evil = labelTest([{ key: 'job', operator: 'Matches', values: ['(a+)+'] }]);
    expect(evil({ job: `${'a'.repeat(20_000)}b` })).toBe(false);
  });
});

describe('expressionFault', () => {
  test.each([
    ['an unclosed group', '(a', 'missing closing )'],
    ['a look-ahead, which RE2 has not', 'a(?=b)', 'invalid or unsupported Perl syntax'],
  ])('tells %s', (_, expression, message) => {
    expect(expressionFault(expression)).toContain(message);
  });

  test('has nothing against one that can be used', () => {
    expect(expressionFault('api-(server|worker).*')).toBeUndefined();
  });
});
