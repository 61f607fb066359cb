// docs/templates.md says what is so: it is made from the tables, and every example in it is a template without faults.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { templatesPage } from '../../../scripts/templates-page.ts';
import {
  alarmDigestVariables,
  alarmVariables,
  heldBackVariables,
  linkVariables,
} from '../../../src/mail/template/alarm-variables.ts';
import { compileTemplate } from '../../../src/mail/template/compile-template.ts';
import { linkFaults } from '../../../src/mail/template/link-template.ts';
import { credentialsVariables, digestVariables, reminderVariables } from '../../../src/mail/template/variables.ts';

const page = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8');

test('the page is the one that the tables make (npm run generate)', () => {
  expect(page).toBe(templatesPage());
});

const samples = [...page.matchAll(/^- `(\{[{%].*[}%]\})` /gm)].flatMap(([, text]) => (text ? [text] : []));

describe('an example compiles', () => {
  test.each(samples)('%s', (sample) => {
    // Two are shown where they mean something only inside a loop, one with a gap.
    const text = sample.replaceAll('{% elsif … %}…', '');
    const inside = /break|continue/.test(text) ? `{% for row in rows %}${text}{% endfor %}` : text;
    const everything = { ...credentialsVariables, ...reminderVariables, ...digestVariables };
    expect(compileTemplate({ text: inside }, everything)).toMatchObject({ kind: 'ok' });
  });
});

test('every variable has a meaning that ends as a sentence does', () => {
  const alarms = [alarmVariables, alarmDigestVariables, heldBackVariables];
  for (const table of [credentialsVariables, reminderVariables, digestVariables, ...alarms]) {
    for (const { meaning } of Object.values(table)) expect(meaning).toMatch(/(\.|; a list\.)$/);
  }
});

const links = [...page.matchAll(/^ {4}url: (https:.*)$/gm)].flatMap(([, url]) => url ?? []);

test('the links shown are templates without faults', () => {
  expect(links).toHaveLength(2);
  for (const link of links) expect(linkFaults(link, linkVariables)).toEqual([]);
});
