// Null where the schema has no null means absent, as the API server reads it: the default counts, if there is one.
import { isObject, setOwn } from '../json.ts';
import type { Schema } from '../schema.ts';

/** A deep copy without such nulls; in lists they stay, and are refused. */
export function withoutNulls(value: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, schema?.items));
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const known = ownProperty(schema, key) ?? schema?.additionalProperties;
    if (field === null && known && !known.nullable) continue;
    setOwn(copy, key, withoutNulls(field, known));
  }
  return copy;
}

export function ownProperty(schema: Schema | undefined, key: string): Schema | undefined {
  const properties = schema?.properties;
  return properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
}
