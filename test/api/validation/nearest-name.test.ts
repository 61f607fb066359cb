import { expect, test } from 'vitest';
import { nearestName } from '../../../src/api/validation/nearest-name.ts';

test.each([
  ['swapped letters', 'prot', ['host', 'port'], 'port'],
  ['another case', 'StartTLS', ['startTls'], 'startTls'],
  ['a letter too few', 'sendr', ['sender', 'sandbox'], 'sender'],
  ['two as near', 'pot', ['port', 'post'], undefined],
  ['nothing near', 'frobnicate', ['host', 'port'], undefined],
  ['a very long name', 'x'.repeat(100_000), ['host'], undefined],
])('%s', (_, name, known, nearest) => {
  expect(nearestName(name, known)).toBe(nearest);
});
