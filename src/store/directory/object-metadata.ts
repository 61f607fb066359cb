// The name and namespace of an object as written in a manifest.
import { isObject, type JsonObject } from '../../api/json.ts';

export interface Metadata extends JsonObject {
  readonly namespace: unknown;
  readonly name?: unknown;
}

/** The field that is wrong, and why. */
export interface NamedProblem {
  readonly fieldPath: string;
  readonly message: string;
}

/** As the API server reads it: an empty namespace is none. */
export function namedMetadata(written: unknown, namespace: string): Metadata {
  const metadata: JsonObject = isObject(written) ? written : {};
  const own = metadata.namespace;
  return { ...metadata, namespace: own === undefined || own === null || own === '' ? namespace : own };
}

/** Also keeps names out of paths that lead elsewhere: status files are named after them. */
export function namesProblem(metadata: Metadata): NamedProblem | undefined {
  if (metadata.name === undefined || metadata.name === null) {
    return { fieldPath: 'metadata.name', message: 'It is missing; every object needs a name.' };
  }
  if (!isName(metadata.name, 253)) {
    const message = `${quoted(metadata.name)} is no valid name: use lower-case letters, digits, "-" and ".", at most 253.`;
    return { fieldPath: 'metadata.name', message };
  }
  if (!isName(metadata.namespace, 63) || String(metadata.namespace).includes('.')) {
    const message = `${quoted(metadata.namespace)} is no valid namespace: use lower-case letters, digits and "-", at most 63.`;
    return { fieldPath: 'metadata.namespace', message };
  }
  return undefined;
}

/** A DNS-1123 subdomain, as the API server asks of names. */
function isName(value: unknown, longest: number): boolean {
  if (typeof value !== 'string' || value.length > longest) return false;
  return value.split('.').every((label) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(label));
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : `a value of type ${value === null ? 'null' : typeof value}`;
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
