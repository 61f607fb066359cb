// What the schema itself says about an object: types, required fields, limits, patterns. ajv judges, the words are the
// API server's (kube-openapi's validation errors inside apimachinery's field errors).
import { Ajv, type ErrorObject } from 'ajv';
import { childPath } from '../field-path.ts';
import type { Schema } from '../schema.ts';
import type { Violation } from '../violation.ts';
import { goValue } from './go-text.ts';

export interface SchemaFinding extends Violation {
  /** The API server runs no CEL rule while one of these stands. */
  readonly blocking: boolean;
}

/** Judges an object in place: absent fields that have a default are filled in. */
export type SchemaCheck = (object: unknown) => readonly SchemaFinding[];

export function compileSchema(schema: Schema): SchemaCheck {
  const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true, useDefaults: true, verbose: true });
  for (const keyword of vocabulary) ajv.addKeyword(keyword);
  ajv.addFormat('int32', { type: 'number', validate: (value: number) => Math.abs(value + 0.5) < 2 ** 31 });
  ajv.addFormat('int64', { type: 'number', validate: (value: number) => Math.abs(value) <= 2 ** 63 });
  ajv.addFormat('date-time', true);
  const validate = ajv.compile(schema);
  return (object) => {
    if (validate(object)) return [];
    const errors = (validate.errors ?? []).map((error) => ({ error, path: pathOf(object, error.instancePath) }));
    return errors.filter((one) => !isSettled(one, errors)).flatMap(({ error, path }) => findings(error, path));
  };
}

interface PlacedError {
  readonly error: ErrorObject;
  readonly path: string;
}

/** kube-openapi stops at the first fault of a string's length and pattern, and at a map with too many keys. */
function isSettled({ error, path }: PlacedError, errors: readonly PlacedError[]): boolean {
  return errors.some((other) => {
    if (other.error.keyword === 'maxProperties') return path.startsWith(`${other.path}.`);
    const aboutLength = other.error.keyword === 'maxLength' || other.error.keyword === 'minLength';
    return aboutLength && error.keyword === 'pattern' && other.path === path;
  });
}

/** The extensions of structural schemas that ajv does not judge. */
const vocabulary = ['x-kubernetes-validations', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys'];

/** The keywords whose errors are of a type that blocks rules (hasBlockingErr in apiextensions-apiserver). */
const blockingKeywords = new Set(['type', 'enum', 'required', 'maxLength', 'maxItems', 'maxProperties']);

function findings(error: ErrorObject, path: string): SchemaFinding[] {
  const { keyword, params, data } = error;
  const fieldPath = keyword === 'required' ? childPath(path, String(params.missingProperty)) : path;
  const schema = (error.parentSchema ?? {}) as Schema;
  const found: SchemaFinding[] = [
    { reason: 'SchemaInvalid', fieldPath, message: words(error, path), blocking: blockingKeywords.has(keyword) },
  ];
  if (typeof data !== 'number' || schema.type !== 'integer' || schema.format === undefined) return found;
  // A number that Go reads as a float, a fraction or one beyond int64, is reported for its type and for its format.
  if (keyword === 'type') {
    found.push({ reason: 'SchemaInvalid', fieldPath, message: formatWords(schema, path), blocking: false });
  }
  if (keyword === 'format' && goType(data).type === 'number') {
    found.push({ reason: 'SchemaInvalid', fieldPath, message: typeWords(data, schema, path), blocking: true });
  }
  return found;
}

function words({ keyword, params, data, parentSchema }: ErrorObject, path: string): string {
  const schema = (parentSchema ?? {}) as Schema;
  const invalid = (what: string) => `Invalid value: ${goValue(data)}: ${path} in body should ${what}`;
  switch (keyword) {
    case 'required':
      return 'Required value';
    case 'type':
      return typeWords(data, schema, path);
    case 'enum': {
      const allowed: readonly unknown[] = params.allowedValues;
      return `Unsupported value: ${goValue(data)}: supported values: ${allowed.map(goValue).join(', ')}`;
    }
    case 'minimum':
      return invalid(`be greater than or equal to ${params.limit}`);
    case 'maximum':
      return invalid(`be less than or equal to ${params.limit}`);
    case 'minLength':
      return invalid(`be at least ${params.limit} chars long`);
    case 'minItems':
      return `Invalid value: ${countOf(data)}: ${path} in body should have at least ${params.limit} items`;
    case 'maxLength':
      return `Too long: may not be more than ${params.limit} bytes`;
    case 'maxItems':
      return `Too many: ${countOf(data)}: must have at most ${params.limit} items`;
    case 'maxProperties':
      return `Too many: ${countOf(data)}: must have at most ${params.limit} items`;
    case 'pattern':
      return invalid(`match '${params.pattern}'`);
    case 'format':
      return formatWords(schema, path);
    default:
      throw new Error(`the schema keyword ${keyword} has no words yet`);
  }
}

function countOf(data: unknown): number {
  return Array.isArray(data) ? data.length : Object.keys(data ?? {}).length;
}

function formatWords({ type, format }: Schema, path: string): string {
  return `Invalid value: "": Checked value must be of type ${type} with format ${format} in ${path}`;
}

/** kube-openapi's typeValidator: a format speaks for the type, except against strings and lists. */
function typeWords(data: unknown, schema: Schema, path: string): string {
  const actual = goType(data);
  const byFormat = schema.format !== undefined && !['string', 'array', 'null'].includes(actual.type);
  const expected = byFormat ? schema.format : schema.type;
  const found = goValue(byFormat ? actual.format : actual.type);
  return `Invalid value: ${found}: ${path} in body must be of type ${expected}: ${found}`;
}

function goType(data: unknown): { type: string; format: string } {
  if (data === null) return { type: 'null', format: '' };
  if (Array.isArray(data)) return { type: 'array', format: '' };
  if (typeof data !== 'number') return { type: typeof data, format: '' };
  const integer = Number.isInteger(data) && Math.abs(data) < 2 ** 63;
  return integer ? { type: 'integer', format: 'int64' } : { type: 'number', format: 'float64' };
}

/** A JSON pointer (RFC 6901) in the API server's form; the object tells indexes from keys. */
function pathOf(object: unknown, pointer: string): string {
  let path = '';
  let value = object;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const inList = Array.isArray(value);
    path = childPath(path, inList ? Number(key) : key);
    value = inList ? (value as readonly unknown[])[Number(key)] : (value as Record<string, unknown>)[key];
  }
  return path;
}
