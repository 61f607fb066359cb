// Judges an object of one of our kinds as the API server would: the CRD's schema, its CEL rules, its words.
import { isObject, type JsonObject } from '../json.ts';
import type { Schema } from '../schema.ts';
import type { Violation } from '../violation.ts';
import { goQuote } from './go-text.ts';
import { repeatedItems } from './list-uniqueness.ts';
import { metadataFindings } from './metadata.ts';
import { withoutNulls } from './nulls.ts';
import { compileRules, type RuleCheck } from './rules.ts';
import { compileSchema, type SchemaCheck } from './schema-violations.ts';
import { unknownFields } from './unknown-fields.ts';

export interface KindToParse {
  readonly apiVersion: string;
  readonly kind: string;
  /** What a message calls one, such as `relay`. */
  readonly noun: string;
  readonly schema: Schema;
  /** What CEL cannot say, of an object whose shape is right; left out where the API server's rules speak of the same field. */
  readonly beyondCel: (object: JsonObject) => readonly Violation[];
}

export type ParsedObject =
  /** With its defaults, as a copy of its own, without status. */
  | { readonly kind: 'valid'; readonly object: JsonObject }
  | { readonly kind: 'invalid'; readonly violations: readonly [Violation, ...Violation[]] };

export type ParseObject = (manifest: unknown, defaultNamespace: string) => ParsedObject;

/**
 * As on the API server, CEL rules are asked only where the object's shape is right. Schema and rules are compiled with the
 * first object: a kind that an installation does not use costs neither time nor memory.
 */
export function compileKind({ apiVersion, kind, noun, schema, beyondCel }: KindToParse): ParseObject {
  const specOnly: Schema = {
    type: 'object',
    required: schema.required ?? [],
    properties: { spec: schema.properties?.spec ?? {} },
  };
  let checks: Checks | undefined;

  return (manifest, defaultNamespace) => {
    if (!isObject(manifest))
      return invalid({ fieldPath: '', message: 'must be an object with apiVersion, kind, metadata and spec' });
    const wrongType =
      wrongConstant('apiVersion', manifest.apiVersion, apiVersion) ?? wrongConstant('kind', manifest.kind, kind);
    if (wrongType) return invalid(wrongType);

    const object = withoutNulls({ ...manifest, status: undefined }, schema) as JsonObject;
    const unknown = unknownFields(manifest, schema);
    checks ??= { specSchema: compileSchema(specOnly), celRules: compileRules(specOnly) };
    const shape = [...metadataFindings(object.metadata, noun), ...checks.specSchema(object)];
    const repeated = repeatedItems(object.spec, schema.properties?.spec, 'spec');
    const isShaped = !shape.some(({ blocking }) => blocking);
    const rules = isShaped ? checks.celRules(object, '') : [];
    const asTheServer = [...unknown, ...shape, ...repeated, ...rules];
    const ours = (isShaped ? beyondCel(object) : []).filter(
      ({ fieldPath }) => !asTheServer.some((violation) => violation.fieldPath === fieldPath),
    );

    const [first, ...others] = bounded([...asTheServer, ...ours]);
    if (first) return { kind: 'invalid', violations: [first, ...others] };
    const metadata = { namespace: defaultNamespace, ...(object.metadata as object) };
    return { kind: 'valid', object: { apiVersion, kind, metadata, spec: object.spec } };
  };
}

interface Checks {
  readonly specSchema: SchemaCheck;
  readonly celRules: RuleCheck;
}

const mostViolations = 100;

function bounded(found: readonly Violation[]): Violation[] {
  const shown = found
    .slice(0, mostViolations)
    .map(({ reason, fieldPath, message }): Violation => ({ reason, fieldPath, message }));
  const hidden = found.length - shown.length;
  if (hidden === 0) return shown;
  return [...shown, { reason: 'SchemaInvalid', fieldPath: '', message: `${hidden} more violations are not shown` }];
}

interface Fault {
  readonly fieldPath: string;
  readonly message: string;
}

function wrongConstant(fieldPath: string, value: unknown, right: string): Fault | undefined {
  if (value === right) return undefined;
  if (value === undefined) return { fieldPath, message: `Required value: must be ${right}` };
  const text = typeof value === 'string' ? goQuote(value) : JSON.stringify(value);
  return { fieldPath, message: `Invalid value: ${text}: must be ${right}` };
}

function invalid(fault: Fault): ParsedObject {
  return { kind: 'invalid', violations: [{ reason: 'SchemaInvalid', ...fault }] };
}
