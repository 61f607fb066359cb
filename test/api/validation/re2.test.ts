import { describe, expect, test } from 'vitest';
import { re2 } from '../../../src/api/validation/re2.ts';

describe('re2', () => {
  test.each([
    ['\\s', '\u00a0', false],
    ['\\s', '\v', false],
    ['[\\s]', '\t', true],
    ['\\S', '\u00a0', true],
    ['.', '\r', true],
    ['.', '\n', false],
    ['(?s).', '\n', true],
    ['(?i)^abc$', 'ABC', true],
    ['^.$', '📧', true],
    ['\\x{1F4E7}', '📧', true],
    ['[\\x{80}-\\x{10FFFF}]', 'é', true],
    ['\\pL', 'é', true],
    ['\\A[[:alpha:]]+\\z', 'abc', true],
    ['[[:digit:]_]', '_', true],
    ['(?P<name>a)b', 'ab', true],
    ['a$', 'a\n', false],
    ['\\@\\"\\#', '@"#', true],
    ['[\\@\\-]', '-', true],
    ['[^[]', '[', false],
    ['a{2}', 'aa', true],
  ])('%s says of %j: %s', (pattern, text, matches) => {
    expect(re2(pattern).test(text)).toBe(matches);
  });

  test.each(['[[:word:]]', '[\\S]', '(', '\\C'])('refuses %s rather than read it otherwise', (pattern) => {
    expect(() => re2(pattern)).toThrow(SyntaxError);
  });
});
