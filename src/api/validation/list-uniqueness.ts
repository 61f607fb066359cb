// Lists that are sets or maps hold a value, or a key, once (x-kubernetes-list-type).
import { childPath } from '../field-path.ts';
import { isObject } from '../json.ts';
import type { Schema } from '../schema.ts';
import type { Violation } from '../violation.ts';
import { goValue } from './go-text.ts';
import { ownProperty } from './nulls.ts';

export function repeatedItems(value: unknown, schema: Schema | undefined, path: string): Violation[] {
  if (!schema) return [];
  if (Array.isArray(value)) {
    const below = value.flatMap((item, index) => repeatedItems(item, schema.items, childPath(path, index)));
    return [...repeatedIn(value, schema, path), ...below];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, field]) =>
    repeatedItems(field, ownProperty(schema, key) ?? schema.additionalProperties, childPath(path, key)),
  );
}

function repeatedIn(items: readonly unknown[], schema: Schema, path: string): Violation[] {
  const identityOf = identity(schema);
  if (!identityOf) return [];
  const seen = new Set<string>();
  const isMap = schema['x-kubernetes-list-type'] === 'map';
  return items.flatMap((item, index) => {
    if (isMap && !isObject(item)) {
      const message = `Invalid value: ${goValue(item)}: must be an object for an array of list-type map`;
      return [{ reason: 'SchemaInvalid' as const, fieldPath: childPath(path, index), message }];
    }
    const value = identityOf(item);
    const text = JSON.stringify(value);
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    const message = `Duplicate value: ${goValue(value)}`;
    return [{ reason: 'SchemaInvalid' as const, fieldPath: childPath(path, index), message }];
  });
}

function identity(schema: Schema): ((item: unknown) => unknown) | undefined {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return (item) => item;
    case 'map': {
      const keys = schema['x-kubernetes-list-map-keys'] ?? [];
      return (item) => Object.fromEntries(keys.map((key) => [key, isObject(item) ? item[key] : undefined]));
    }
    default:
      return undefined;
  }
}
