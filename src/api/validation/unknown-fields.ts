// Fields that the schema does not know: mostly typing errors, which a cluster would drop without a word.
import { childPath } from '../field-path.ts';
import { isObject } from '../json.ts';
import type { Schema } from '../schema.ts';
import type { Violation } from '../violation.ts';
import { nearestName } from './nearest-name.ts';
import { ownProperty } from './nulls.ts';

/** In the words of strict decoding, with what was probably meant. */
export function unknownFields(value: unknown, schema: Schema): Violation[] {
  return unknownBelow(value, schema, '').map((field, index) =>
    violation(field, index < mostHints ? schema : undefined),
  );
}

/** Looking for what was meant takes time, and nobody mistypes a thousand fields. */
const mostHints = 100;

interface UnknownField {
  readonly key: string;
  readonly path: string;
  /** Of the object that holds it. */
  readonly holder: Schema;
}

function unknownBelow(value: unknown, schema: Schema, path: string): UnknownField[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unknownBelow(item, schema.items ?? noFields, childPath(path, index)));
  }
  if (!isObject(value) || isOpen(schema)) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const at = childPath(path, key);
    const known = ownProperty(schema, key) ?? schema.additionalProperties;
    return known ? unknownBelow(field, known, at) : [{ key, path: at, holder: schema }];
  });
}

/** Of a list where there should be none: the server looks into it all the same. */
const noFields: Schema = {};

/** metadata: Kubernetes' own type, judged elsewhere. */
function isOpen(schema: Schema): boolean {
  return schema.type === 'object' && !schema.properties && !schema.additionalProperties;
}

function violation(field: UnknownField, root: Schema | undefined): Violation {
  const meant = root && probablyMeant(field, root);
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return { reason: 'SchemaInvalid', fieldPath: field.path, message: `unknown field "${field.path}"${hint}` };
}

function probablyMeant({ key, path, holder }: UnknownField, root: Schema): string | undefined {
  const near = nearestName(key, Object.keys(holder.properties ?? {}));
  return near === undefined ? placesOf(key, root)[0] : `${path.slice(0, path.length - key.length)}${near}`;
}

/** Where a field of this very name would be right, below spec. */
function placesOf(key: string, schema: Schema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (path === '' && name !== 'spec') return [];
    const at = childPath(path, name);
    return [...(name === key ? [at] : []), ...placesOf(key, field, at)];
  });
}
