// The CEL rules of the schema (x-kubernetes-validations), run as the API server runs them on a new object.
import { childPath } from '../field-path.ts';
import { isObject } from '../json.ts';
import type { Rule, Schema } from '../schema.ts';
import type { Violation } from '../violation.ts';
import { type CelRule, celValue, compileRule } from './cel.ts';
import { goValue } from './go-text.ts';

export type RuleCheck = (value: unknown, path: string) => Violation[];

/** Compiles every rule of the schema once; the check then walks an object that the schema has accepted. */
export function compileRules(schema: Schema): RuleCheck {
  const rules = (schema['x-kubernetes-validations'] ?? []).map((rule) => ({ rule, holds: compileRule(rule.rule) }));
  const properties = new Map(
    Object.entries(schema.properties ?? {}).map(([name, field]) => [name, compileRules(field)] as const),
  );
  const others = schema.additionalProperties && compileRules(schema.additionalProperties);
  const items = schema.items && compileRules(schema.items);

  return (value, path) => {
    // A null is not judged by its own rules, only by those of what holds it.
    if (value === null || value === undefined) return [];
    const own = rules.length === 0 ? [] : brokenRules(rules, { schema, value, path });
    if (Array.isArray(value)) {
      return [...own, ...(items ? value.flatMap((item, index) => items(item, childPath(path, index))) : [])];
    }
    if (!isObject(value)) return own;
    const below = Object.entries(value).flatMap(([key, field]) => {
      const check = properties.get(key) ?? others;
      return check ? check(field, childPath(path, key)) : [];
    });
    return [...own, ...below];
  };
}

interface Judged {
  readonly schema: Schema;
  readonly value: unknown;
  readonly path: string;
}

function brokenRules(rules: readonly { rule: Rule; holds: CelRule }[], judged: Judged): Violation[] {
  const { schema, value, path } = judged;
  const self = celValue(value, schema);
  return rules.flatMap(({ rule, holds }) => {
    const result = holds(self);
    if (result.kind === 'holds') return [];
    const structured = schema.type === 'object' || schema.type === 'array';
    const reason = structured ? 'CombinationInvalid' : 'SchemaInvalid';
    if (result.kind === 'error') {
      const message = `Invalid value: "${schema.type}": ${result.message} evaluating rule: ${rule.message}`;
      return [{ reason, fieldPath: path, message }];
    }
    const message = `Invalid value: ${structured ? '' : `${goValue(value)}: `}${rule.message}`;
    return [{ reason, fieldPath: `${path}${rule.fieldPath ?? ''}`, message }];
  });
}
