// Fields that the schema does not know: mostly typing errors, which a cluster would drop without a word.
import { childPath } from '../field-path.ts';
import { isObject } from '../json.ts';
import type { Schema } from '../schema.ts';
import type { Violation } from '../violation.ts';
import { nearestName } from './nearest-name.ts';
import { ownProperty } from './nulls.ts';

/** In the words of strict decoding, with what was probably meant. */
export function unknownFields(value: unknown, schema: Schema): Violation[] {
  return unknownBelow(value, schema, { path: '', root: schema });
}

interface Place {
  readonly path: string;
  readonly root: Schema;
}

function unknownBelow(value: unknown, schema: Schema | undefined, { path, root }: Place): Violation[] {
  if (!schema) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unknownBelow(item, schema.items, { path: childPath(path, index), root }));
  }
  if (!isObject(value) || isOpen(schema)) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const at = { path: childPath(path, key), root };
    const known = ownProperty(schema, key) ?? schema.additionalProperties;
    return known ? unknownBelow(field, known, at) : [unknownField(key, schema, at)];
  });
}

/** metadata: Kubernetes' own type, judged elsewhere. */
function isOpen(schema: Schema): boolean {
  return schema.type === 'object' && !schema.properties && !schema.additionalProperties;
}

function unknownField(key: string, schema: Schema, { path, root }: Place): Violation {
  const near = nearestName(key, Object.keys(schema.properties ?? {}));
  const parent = path.slice(0, path.length - key.length);
  const meant = near === undefined ? placesOf(key, root)[0] : `${parent}${near}`;
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return { reason: 'SchemaInvalid', fieldPath: path, message: `unknown field "${path}"${hint}` };
}

/** Where a field of this very name would be right, below spec. */
function placesOf(key: string, schema: Schema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (path === '' && name !== 'spec') return [];
    const at = childPath(path, name);
    return [...(name === key ? [at] : []), ...placesOf(key, field, at)];
  });
}
