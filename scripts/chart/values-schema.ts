// values.schema.json from the documented values: their types, what `# @schema` adds, and no value that is not there.
import type { DocumentedValue } from './documented-values.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What `$ref: NAME` in a comment means. */
const definitions: Readonly<Record<string, Schema>> = {
  labels: { type: 'object', additionalProperties: { type: 'string' } },
  namespace: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' },
  port: { type: 'integer', minimum: 1, maximum: 65535 },
  hostPattern: { type: 'string', pattern: '^([*][.])?[A-Za-z0-9:]([-A-Za-z0-9.:]*[A-Za-z0-9:])?$' },
  prometheusDuration: { type: 'string', pattern: '^([0-9]+(ms|s|m|h|d|w|y))+$' },
};

export function valuesSchema(values: readonly DocumentedValue[]): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Values of the chart relaykeeper',
    ...objectOf(values, 0),
    $defs: definitions,
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function objectOf(values: readonly DocumentedValue[], depth: number): Schema {
  const keys = new Set(values.map(({ path }) => `${path[depth]}`));
  const properties = [...keys].map((key) => {
    const below = values.filter(({ path }) => path[depth] === key);
    const [first] = below;
    return [key, first?.path.length === depth + 1 ? valueSchema(first) : objectOf(below, depth + 1)];
  });
  return {
    type: 'object',
    additionalProperties: false,
    properties: { ...Object.fromEntries(properties), ...(depth === 0 ? ofEverySubchart : {}) },
  };
}

/** What Helm puts there for a chart that another one depends on. */
const ofEverySubchart: Schema = {
  global: { type: 'object', description: 'Values that all charts of a release share.' },
  enabled: { type: 'boolean', description: 'The condition of a chart that depends on this one.' },
};

function valueSchema({ description, default: value, schema }: DocumentedValue): Schema {
  const own = resolved(schema);
  const typed = '$ref' in own ? own : { type: typeOf(value), ...own };
  return { description, default: value, ...typed };
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? 'integer' : typeof value;
}

function resolved(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === '$ref' ? `#/$defs/${value}` : resolvedValue(value)]),
  );
}

function resolvedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolvedValue);
  return typeof value === 'object' && value !== null ? resolved({ ...value }) : value;
}
