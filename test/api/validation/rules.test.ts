import { describe, expect, test } from 'vitest';
import { compileRules } from '../../../src/api/validation/rules.ts';

describe('compileRules', () => {
  test('numbers are integers where the schema says so', () => {
    const check = compileRules({
      type: 'object',
      properties: { n: { type: 'integer' } },
      ...rule('self.n / 2 == 293', 'no'),
    });
    expect(check({ n: 587 }, 'spec')).toEqual([]);
    expect(check({ n: 5 }, 'spec')).toEqual([
      { reason: 'CombinationInvalid', fieldPath: 'spec', message: 'Invalid value: no' },
    ]);
  });

  test('names with dashes and reserved words are escaped as Kubernetes does', () => {
    const properties = { 'a-b': { type: 'boolean' }, namespace: { type: 'boolean' } };
    const check = compileRules({ type: 'object', properties, ...rule('self.a__dash__b && self.__namespace__', 'no') });
    expect(check({ 'a-b': true, namespace: true }, '')).toEqual([]);
  });

  test('the keys of a map are left as they are', () => {
    const additionalProperties = { type: 'string' };
    const check = compileRules({ type: 'object', additionalProperties, ...rule("self['a-b'] == 'x'", 'no') });
    expect(check({ 'a-b': 'x' }, '')).toEqual([]);
  });

  test('an error while a rule runs is told as the API server tells it', () => {
    const check = compileRules({ type: 'object', properties: {}, ...rule('self.mode == 1', 'mode must be 1') });
    expect(check({}, 'spec.tls')).toEqual([
      {
        reason: 'CombinationInvalid',
        fieldPath: 'spec.tls',
        message: 'Invalid value: "object": no such key: mode evaluating rule: mode must be 1',
      },
    ]);
  });

  test('a rule that is no CEL is an error of the CRD', () => {
    expect(() => compileRules({ type: 'string', ...rule('self.matches(', 'no') })).toThrow();
    expect(() => compileRules({ type: 'string', ...rule('frobnicate(self)', 'no') })).toThrow();
  });

  test('null is judged by what holds it alone', () => {
    const check = compileRules({
      type: 'array',
      items: { type: 'string', nullable: true, ...rule("self != ''", 'no') },
    });
    expect(check([null, 'a', ''], 'list')).toMatchObject([{ fieldPath: 'list[2]' }]);
  });
});

function rule(text: string, message: string) {
  return { 'x-kubernetes-validations': [{ rule: text, message }] };
}
