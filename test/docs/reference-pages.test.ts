// docs/reference/: as `npm run generate` writes it, and with nothing left out that the CRDs and the program have.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referencePages } from '../../scripts/reference/pages.ts';
import { policySchema, relaySchema, type Schema } from '../../src/api/schema.ts';
import { completedCommands } from '../../src/cli/completion/completed-commands.ts';
import { createProgram } from '../../src/cli/program.ts';

const page = (name: string) => readFileSync(new URL(`../../docs/reference/${name}`, import.meta.url), 'utf8');
const io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: {} };

test.each([...referencePages()])('%s is what `npm run generate` writes', (name, text) => {
  expect(page(name)).toBe(text);
});

test.each([
  ['smtprelay.md', relaySchema],
  ['notificationpolicy.md', policySchema],
] as const)('%s has every field of the CRD once, with its description, and no other', (name, schema) => {
  expect([...documentedFields(page(name))].sort()).toEqual(fieldsOf('', schema).sort());
  const undescribed = page(name).match(/^\|.*\| +\|$/gm) ?? [];
  expect(undescribed).toEqual([]);
});

test.each([
  ['smtprelay.md', relaySchema],
  ['notificationpolicy.md', policySchema],
] as const)('%s has every rule of the CRD', (name, schema) => {
  const text = page(name).replaceAll('\\', '');
  const missing = messagesOf(schema).filter((message) => !text.includes(`: ${message.replaceAll('\\', '')}\n`));
  expect(missing).toEqual([]);
});

test('cli.md has every command with every one of its options', () => {
  for (const { path, options } of completedCommands(createProgram(io, () => undefined))) {
    const section = sectionOf(page('cli.md'), ['relaykeeper', path].join(' ').trim());
    for (const name of options.flatMap(({ names }) => names))
      expect({ path, section }).toMatchObject({ section: expect.stringContaining(name) });
  }
});

function sectionOf(text: string, heading: string): string {
  return text.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? '';
}

/** `spec.tls.mode` for each row, by the heading that it stands under. */
function* documentedFields(text: string): Iterable<string> {
  for (const section of text.split(/^## /m).slice(1)) {
    const heading = section.slice(0, section.indexOf('\n'));
    for (const [, field] of section.matchAll(/^\| `(\w+)` \|/gm)) yield `${heading}.${field}`;
  }
}

function fieldsOf(path: string, schema: Schema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const own = path === '' ? name : `${path}.${name}`;
    if (path === '' && name !== 'spec' && name !== 'status') return [];
    const inner = [...fieldsOf(own, field), ...(field.items ? fieldsOf(`${own}[]`, field.items) : [])];
    const values = field.additionalProperties ? fieldsOf(`${own}.*`, field.additionalProperties) : [];
    return [...(path === '' ? [] : [own]), ...inner, ...values];
  });
}

function messagesOf(schema: Schema): string[] {
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ message }) => message);
  return [...own, ...inner.flatMap((one) => (one ? messagesOf(one) : []))];
}
