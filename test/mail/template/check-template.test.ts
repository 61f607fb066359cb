import { expect, test } from 'vitest';
import { checkTemplate, faultText } from '../../../src/mail/template/check-template.ts';
import { credentialsVariables } from '../../../src/mail/template/variables.ts';

test('every text of a template is checked, and a fault says where it is', () => {
  const template = {
    subject: 'Hi {{ username }}',
    text: 'ok',
    locales: { de: { text: 'Hallo\n {{ usernam }}' }, fr: { html: '{% if %}' } },
  };
  const [german, french] = checkTemplate(template, undefined, credentialsVariables).map(faultText);
  expect(german).toBe(
    'template.locales.de.text, line 2, column 5: there is no variable "usernam"; did you mean "username"?',
  );
  expect(french).toBe('template.locales.fr.html, line 1, column 6: a value is missing here');
});

test('so are the texts of a ConfigMap', () => {
  const data = new Map([
    ['text', '{{ x | raw }}'],
    ['subject.de', '{{ password }}'],
  ]);
  expect(checkTemplate({ configMapRef: { name: 'mails' } }, data, credentialsVariables).map(faultText)).toEqual([
    expect.stringMatching(/^ConfigMap "mails", text, line 1, column 1: there is no filter "raw"/),
    'ConfigMap "mails", locale de, subject, line 1, column 4: "password" may not stand in a subject: subjects are stored and shown in lists',
  ]);
});

test('without a template there is nothing wrong', () => {
  expect(checkTemplate(undefined, undefined, credentialsVariables)).toEqual([]);
});
