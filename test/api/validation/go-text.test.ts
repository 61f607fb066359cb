import { expect, test } from 'vitest';
import { goValue } from '../../../src/api/validation/go-text.ts';

// As strconv.Quote and fmt's %v print them.
test.each([
  ['plain text', 'a b', '"a b"'],
  ['quotes and backslashes', '"\\', '"\\"\\\\"'],
  ['named control characters', '\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['other control characters', '\u0000\u001b\u007f\u0085', '"\\x00\\x1b\\x7f\\u0085"'],
  ['letters of any script and symbols', 'é漢📧', '"é漢📧"'],
  ['spaces that print nothing', '\u00a0\u2028\u3000', '"\\u00a0\\u2028\\u3000"'],
  ['what has no character', '\u{e0001}\ud800', '"\\U000e0001\ufffd"'],
  ['an integer', 5, '5'],
  ['a small number', 1e-7, '1e-07'],
  ['a large number', 1e21, '1e+21'],
  ['a boolean', true, 'true'],
  ['null', null, 'null'],
  ['a list', ['a', 1], '["a",1]'],
])('prints %s as Go does', (_, value, text) => {
  expect(goValue(value)).toBe(text);
});
