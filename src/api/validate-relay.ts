// Judges an SmtpRelay as the API server would, and by what CEL cannot say.
import { internationalNameFault } from './host-name.ts';
import { isObject, type JsonObject } from './json.ts';
import { relaySchema } from './schema.ts';
import { relayApiVersion, relayKind, type SmtpRelay } from './smtp-relay.ts';
import { compileKind, type ParsedObject } from './validation/parse-object.ts';
import type { Violation } from './violation.ts';

export type ParsedRelay =
  | { readonly kind: 'valid'; readonly relay: SmtpRelay }
  | Extract<ParsedObject, { kind: 'invalid' }>;

/** The relay with its defaults, as a copy of its own, without status; or everything that is wrong with it. */
export function parseRelay(manifest: unknown, defaultNamespace = 'default'): ParsedRelay {
  const parsed = parse(manifest, defaultNamespace);
  if (parsed.kind === 'invalid') return parsed;
  // The schema has just been held against it, which is what makes this type true.
  return { kind: 'valid', relay: parsed.object as unknown as SmtpRelay };
}

const parse = compileKind({
  apiVersion: relayApiVersion,
  kind: relayKind,
  noun: 'relay',
  schema: relaySchema,
  beyondCel: internationalNames,
});

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
