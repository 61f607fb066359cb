import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutToWidth, displayWidth, padToWidth, wrapToWidth } from '../../src/cli/display-width.ts';

test.each<[string, number]>([
  ['', 0],
  ['mail', 4],
  ['grün', 4],
  ['gru\u0308n', 4],
  ['邮件', 4],
  ['메일', 4],
  ['🚀', 2],
  ['👨‍👩‍👧', 2],
  ['ﾒｰﾙ', 3],
  ['…', 1],
])('%s takes %d columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

describe('cutting', () => {
  test.each<[string, number, string]>([
    ['mail.example.com', 16, 'mail.example.com'],
    ['mail.example.com', 8, 'mail.ex…'],
    ['邮件服务器', 6, '邮件…'],
    ['邮件服务器', 5, '邮件…'],
    ['mail', 1, '…'],
    ['mail', 0, ''],
  ])('%s to %d columns gives %s', (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
  });

  test('never takes more columns than it may, and padding never fewer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }), (text, columns) => {
        expect(displayWidth(cutToWidth(text, columns))).toBeLessThanOrEqual(columns);
        expect(displayWidth(padToWidth(text, columns))).toBeGreaterThanOrEqual(columns);
      }),
    );
  });
});

describe('wrapping', () => {
  test('breaks at spaces and keeps a word that is too long whole', () => {
    expect(wrapToWidth('put it into spec.tls.caSecretRef now', 10)).toEqual([
      'put it',
      'into',
      'spec.tls.caSecretRef',
      'now',
    ]);
  });

  test('loses no word, and no line of several words is too wide', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zß邮]{1,12}$/)),
        fc.integer({ min: 1, max: 30 }),
        (words, columns) => {
          const lines = wrapToWidth(words.join(' '), columns);
          expect(lines.join(' ')).toBe(words.join(' '));
          for (const line of lines.filter((one) => one.includes(' '))) {
            expect(displayWidth(line)).toBeLessThanOrEqual(columns);
          }
        },
      ),
    );
  });
});
