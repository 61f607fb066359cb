// CEL expressions (https://cel.dev) with the libraries of the API server that our rules use.
import { isIP } from 'node:net';
import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import { isObject } from '../json.ts';
import type { Schema } from '../schema.ts';
import { ownProperty } from './nulls.ts';
import { re2 } from './re2.ts';

export type RuleResult =
  | { readonly kind: 'holds' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'error'; readonly message: string };
export type CelRule = (self: unknown) => RuleResult;

/** Compiles a rule about `self`; throws where it is no boolean CEL expression, which is an error of the CRD. */
export function compileRule(rule: string): CelRule {
  const program = environment.parse(withRe2(rule));
  const checked = program.check();
  if (!checked.valid) throw checked.error ?? new Error(`the rule cannot be compiled: ${rule}`);
  return (self) => {
    try {
      return program({ self }) === true ? { kind: 'holds' } : { kind: 'broken' };
    } catch (error) {
      // CEL's runtime errors (no such key, an overflow) are results of a rule: the API server reports them too.
      if (!(error instanceof EvaluationError)) throw error;
      return { kind: 'error', message: error.summary.replace(/^[A-Z]/, (letter) => letter.toLowerCase()) };
    }
  };
}

const expressions = new Map<string, RegExp>();

const environment = new Environment({ enableOptionalTypes: true })
  .registerVariable('self', 'dyn')
  .registerFunction('string.matchesRe2(string): bool', (text: string, pattern: string) => {
    const expression = expressions.get(pattern) ?? re2(pattern);
    expressions.set(pattern, expression);
    return expression.test(text);
  })
  .registerFunction('isIP(string): bool', isKubernetesIp);

/** The library's own `matches` takes JavaScript's syntax and may not be replaced; string literals are left alone. */
function withRe2(rule: string): string {
  return rule.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\.matches\(/g, (token) =>
    token === '.matches(' ? '.matchesRe2(' : token,
  );
}

/** The API server's isIP takes neither zones nor IPv4 addresses mapped into IPv6. */
function isKubernetesIp(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%') && !/^::ffff:.*\./i.test(text);
}

/** The value as CEL sees it: integers by the schema, field names escaped (`__dash__`) as Kubernetes does. */
export function celValue(value: unknown, schema: Schema | undefined): unknown {
  if (typeof value === 'number') return schema?.type === 'integer' && Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (!isObject(value)) return value;
  if (schema?.additionalProperties) {
    return new Map(Object.entries(value).map(([key, field]) => [key, celValue(field, schema.additionalProperties)]));
  }
  const fields = Object.entries(value).map(([key, field]) => [
    escapedName(key),
    celValue(field, ownProperty(schema, key)),
  ]);
  return Object.fromEntries(fields);
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** `__`, `.`, `-` and `/` in names, and CEL's reserved words (Kubernetes documentation, "Validation rules"). */
function escapedName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}
