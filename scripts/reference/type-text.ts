// What may stand in a field, as a cell of a table: its type, its values or limits, and a link to its own section.
import type { DescribedSchema } from './field-page.ts';

export function typeText(path: string, field: DescribedSchema): string {
  return [kindText(path, field), ...limits(field)].join('; ');
}

function kindText(path: string, field: DescribedSchema): string {
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (field.properties) return link('object', path);
  if (field.items) return listText(path, field.items);
  if (field.additionalProperties) return `map of string to ${typeText(`${path}.*`, field.additionalProperties)}`;
  if (isDuration(field)) return 'duration';
  return field.format === 'date-time' ? 'date-time' : (field.type ?? 'any');
}

/** The CRDs say so by a rule, as structural schemas have no such format with these units. */
function isDuration(field: DescribedSchema): boolean {
  const rules = field['x-kubernetes-validations'] ?? [];
  return rules.some(({ message }) => message.startsWith('must be a duration'));
}

function listText(path: string, items: DescribedSchema): string {
  return items.properties ? `list of ${link('objects', `${path}[]`)}` : `list of ${typeText(`${path}[]`, items)}`;
}

function limits({ minimum, maximum, minLength, maxLength, ...schema }: DescribedSchema): string[] {
  return [
    range('', minimum, maximum),
    schema.enum ? '' : range(' characters', minLength, maxLength),
    range(' items', schema.minItems, schema.maxItems),
    range(' keys', undefined, schema.maxProperties),
    schema.pattern ? `matches \`${schema.pattern.replaceAll('|', '\\|')}\`` : '',
  ].filter((text) => text !== '');
}

function range(noun: string, least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most}${noun}`;
  if (least !== undefined) return `at least ${least}${noun}`;
  return most === undefined ? '' : `at most ${most}${noun}`;
}

/** By the way that GitHub makes an anchor of a heading. */
function link(text: string, path: string): string {
  return `[${text}](#${path.toLowerCase().replace(/[^a-z0-9-]/g, '')})`;
}
