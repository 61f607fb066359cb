// Judges an SmtpRelay as the API server would: the CRD's schema, its CEL rules, its words. What CEL cannot say is here too.
import { internationalNameFault } from './host-name.ts';
import { isObject, type JsonObject } from './json.ts';
import { relaySchema, type Schema } from './schema.ts';
import { relayApiVersion, relayKind, type SmtpRelay } from './smtp-relay.ts';
import { goQuote } from './validation/go-text.ts';
import { repeatedItems } from './validation/list-uniqueness.ts';
import { metadataFindings } from './validation/metadata.ts';
import { withoutNulls } from './validation/nulls.ts';
import { compileRules } from './validation/rules.ts';
import { compileSchema } from './validation/schema-violations.ts';
import { unknownFields } from './validation/unknown-fields.ts';
import type { Violation } from './violation.ts';

export type ParsedRelay =
  | { readonly kind: 'valid'; readonly relay: SmtpRelay }
  | { readonly kind: 'invalid'; readonly violations: readonly [Violation, ...Violation[]] };

/**
 * The relay with its defaults, as a copy of its own, without status; or everything that is wrong with it.
 * As on the API server, CEL rules are asked only where the object's shape is right.
 */
export function parseRelay(manifest: unknown, defaultNamespace = 'default'): ParsedRelay {
  if (!isObject(manifest))
    return invalid({ fieldPath: '', message: 'must be an object with apiVersion, kind, metadata and spec' });
  const wrongKind = typeFault(manifest);
  if (wrongKind) return invalid(wrongKind);

  const object = withoutNulls({ ...manifest, status: undefined }, relaySchema) as JsonObject;
  const unknown = unknownFields(manifest, relaySchema);
  const shape = [...metadataFindings(object.metadata), ...specSchema(object)];
  const repeated = repeatedItems(object.spec, relaySchema.properties?.spec, 'spec');
  const isShaped = !shape.some(({ blocking }) => blocking);
  const rules = isShaped ? celRules(object, '') : [];
  const asTheServer = [...unknown, ...shape, ...repeated, ...rules];
  const beyondCel = (isShaped ? internationalNames(object) : []).filter(
    ({ fieldPath }) => !asTheServer.some((violation) => violation.fieldPath === fieldPath),
  );

  const [first, ...others] = bounded([...asTheServer, ...beyondCel]);
  if (first) return { kind: 'invalid', violations: [first, ...others] };
  return { kind: 'valid', relay: asRelay(object, defaultNamespace) };
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

const specOnly: Schema = {
  type: 'object',
  required: relaySchema.required ?? [],
  properties: { spec: relaySchema.properties?.spec ?? {} },
};
const specSchema = compileSchema(specOnly);
const celRules = compileRules(specOnly);

function typeFault({ apiVersion, kind }: JsonObject): { fieldPath: string; message: string } | undefined {
  if (apiVersion !== relayApiVersion) return wrongConstant('apiVersion', apiVersion, relayApiVersion);
  return kind === relayKind ? undefined : wrongConstant('kind', kind, relayKind);
}

function wrongConstant(fieldPath: string, value: unknown, right: string): { fieldPath: string; message: string } {
  if (value === undefined) return { fieldPath, message: `Required value: must be ${right}` };
  const text = typeof value === 'string' ? goQuote(value) : JSON.stringify(value);
  return { fieldPath, message: `Invalid value: ${text}: must be ${right}` };
}

function internationalNames(object: JsonObject): Violation[] {
  const spec = objectAt(object, 'spec');
  const names = [
    ['spec.host', spec.host],
    ['spec.tls.serverName', objectAt(spec, 'tls').serverName],
    ['spec.dkim.domain', objectAt(spec, 'dkim').domain],
  ] as const;
  return names.flatMap(([fieldPath, name]) => {
    const message = typeof name === 'string' ? internationalNameFault(name) : undefined;
    return message === undefined ? [] : [{ reason: 'SchemaInvalid' as const, fieldPath, message }];
  });
}

function objectAt(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isObject(value) ? value : {};
}

function asRelay(object: JsonObject, namespace: string): SmtpRelay {
  const { apiVersion, kind, metadata, spec } = object;
  // The schema has just been held against it, which is what makes this type true.
  return { apiVersion, kind, metadata: { namespace, ...(metadata as object) }, spec } as SmtpRelay;
}

function invalid(fault: { fieldPath: string; message: string }): ParsedRelay {
  return { kind: 'invalid', violations: [{ reason: 'SchemaInvalid', ...fault }] };
}
