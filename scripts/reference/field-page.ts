// The reference of one kind: every field with its type, default, limits, meaning and rules, from the CRD and nothing else.
import type { Rule, Schema } from '../../src/api/schema.ts';
import { typeText } from './type-text.ts';

export interface DescribedSchema extends Schema {
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
  readonly items?: DescribedSchema;
  readonly additionalProperties?: DescribedSchema;
}

export interface DescribedKind {
  readonly kind: string;
  /** The CRD's file, from the root of the repository. */
  readonly source: string;
  readonly names: { readonly plural: string; readonly shortNames: readonly string[] };
  readonly columns: readonly string[];
  readonly schema: DescribedSchema;
}

export function fieldPage({ kind, source, names, columns, schema }: DescribedKind): string {
  const { spec, status } = schema.properties ?? {};
  if (!spec || !status) throw new Error(`${kind} has no spec or no status`);
  return `<!-- Generated from ${source} by \`npm run generate\`; do not edit. -->
# ${kind}

${prose(schema.description ?? '')}

- API version \`relaykeeper.dev/v1alpha1\`, namespaced; plural \`${names.plural}\`, short ${names.shortNames.map((name) => `\`${name}\``).join(', ')}.
- \`kubectl get\` prints ${columns.join(', ')}.
- The source is [\`${source}\`](../../${source}); \`kubectl explain ${names.plural}.spec\` shows the same.
- A duration is a number with \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`, or several: \`1h30m\`.
- "Rules" are what the API server, \`relaykeeper validate\` and the operator refuse, in these words.

${[...sections('spec', spec), ...sections('status', status)].join('\n\n')}
`;
}

/** One for the object itself, then one for each object inside it, in the order of the CRD. */
function sections(path: string, schema: DescribedSchema): string[] {
  const fields = Object.entries(schema.properties ?? {});
  const rows = fields.map(([name, field]) => row(path, name, { field, required: schema.required?.includes(name) }));
  const table = `| field | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
  const own = [`## ${path}`, prose(schema.description ?? ''), table, rulesText(path, schema)];
  const inner = fields.flatMap(([name, field]) => sectionsInside(`${path}.${name}`, field));
  return [own.filter((text) => text !== '').join('\n\n'), ...inner];
}

function sectionsInside(path: string, field: DescribedSchema): string[] {
  if (field.properties) return sections(path, field);
  if (field.items?.properties) return sections(`${path}[]`, field.items);
  if (field.additionalProperties?.properties) return sections(`${path}.*`, field.additionalProperties);
  return [];
}

interface Row {
  readonly field: DescribedSchema;
  readonly required: boolean | undefined;
}

function row(path: string, name: string, { field, required }: Row): string {
  const standard = required
    ? '**required**'
    : field.default === undefined
      ? ''
      : `\`${JSON.stringify(field.default)}\``;
  return `| \`${name}\` | ${typeText(`${path}.${name}`, field)} | ${cell(standard)} | ${cell(prose(field.description ?? ''))} |`;
}

/** The rules of the object, and of its fields that have no section of their own. */
function rulesText(path: string, schema: DescribedSchema): string {
  const own = ruleLines(path, schema);
  const ofFields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    leafRules(`${path}.${name}`, field),
  );
  const lines = [...own, ...ofFields];
  return lines.length === 0 ? '' : `Rules:\n\n${lines.join('\n')}`;
}

function leafRules(path: string, field: DescribedSchema): string[] {
  const items = field.items && !field.items.properties ? leafRules(`${path}[]`, field.items) : [];
  return [...(field.properties ? [] : ruleLines(path, field)), ...items];
}

function ruleLines(path: string, schema: DescribedSchema): string[] {
  const rules: readonly Rule[] = schema['x-kubernetes-validations'] ?? [];
  return rules.map(({ message, fieldPath = '' }) => `- \`${path}${fieldPath}\`: ${prose(message)}`);
}

/** Descriptions are plain text: nothing in them is markup. */
function prose(text: string): string {
  return text.replace(/[\\*_<>[\]`]/g, '\\$&');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}
