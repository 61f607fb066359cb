import { describe, expect, test } from 'vitest';
import type { MailTemplate } from '../../../src/api/notification-policy.ts';
import { chooseTexts, templateVariants, withBuiltin } from '../../../src/mail/template/choose-texts.ts';

const inline: MailTemplate = {
  subject: 's',
  text: 't',
  html: 'h',
  locales: { de: { subject: 's-de', text: 't-de' }, 'pt-BR': { subject: 's-br' }, pt: { text: 't-pt' } },
};
const configMap = new Map([
  ['subject', 's'],
  ['text', 't'],
  ['text.de', 't-de'],
  ['subject.pt-BR', 's-br'],
  ['README.md', 'no part of it'],
]);

describe('a reader gets', () => {
  const cases: readonly [string, string | undefined, object][] = [
    ['the texts without a language where none is known', undefined, { subject: 's', text: 't', html: 'h' }],
    ['those of the language', 'de', { subject: 's-de', text: 't-de', html: undefined }],
    ['those of the language for one with a region', 'de-AT', { subject: 's-de', text: 't-de' }],
    [
      'the subject of the region and the body of the language',
      'pt-BR',
      { subject: 's-br', text: 't-pt', html: undefined },
    ],
    ['the same however the locale is written', 'PT_br', { subject: 's-br', text: 't-pt' }],
    ['the texts without a language for one that is not there', 'fr', { subject: 's', text: 't', html: 'h' }],
  ];
  test.each(cases)('%s', (_, locale, expected) => {
    expect(chooseTexts(inline, undefined, locale)).toMatchObject(expected);
  });
});

test.each([
  [undefined, { subject: 's', text: 't' }],
  ['de', { subject: 's', text: 't-de' }],
  ['pt-BR', { subject: 's-br', text: 't' }],
])('a ConfigMap gives locale %s its texts', (locale, expected) => {
  expect(chooseTexts({ configMapRef: { name: 'mails' } }, configMap, locale)).toMatchObject(expected);
});

test('without a template there is nothing to choose', () => {
  expect(chooseTexts(undefined, undefined, 'de')).toEqual({ subject: undefined, text: undefined, html: undefined });
});

test('every text of a policy is listed with its place', () => {
  expect(templateVariants(inline, undefined).map(({ where }) => where)).toEqual([
    'template',
    'template.locales.de',
    'template.locales.pt-BR',
    'template.locales.pt',
  ]);
  expect(templateVariants({ configMapRef: { name: 'mails' } }, configMap).map(({ where }) => where)).toEqual([
    'ConfigMap "mails"',
    'ConfigMap "mails", locale de',
    'ConfigMap "mails", locale pt-BR',
  ]);
});

test('what a policy leaves open is built in', () => {
  const builtin = { subject: 'S', text: 'T', html: 'H' };
  expect(withBuiltin({ subject: 's' }, builtin)).toEqual({ subject: 's', text: 'T', html: 'H' });
  expect(withBuiltin({ text: 't' }, builtin)).toEqual({ subject: 'S', text: 't', html: undefined });
});
