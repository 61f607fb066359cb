// One resource that a manifest declares, as far as the store keeps it: a relay whole, of a Secret or ConfigMap only that
// it is there and which version; its values are read again from the file when a relay's target is made.
import { isObject, type JsonObject } from '../../api/json.ts';
import type { ManifestDocument, ManifestFile, Position } from '../../api/manifest/manifest-file.ts';
import { objectData } from '../../api/manifest/object-data.ts';
import { objectName } from '../../api/manifest/object-name.ts';
import type { Key } from '../../api/resource.ts';
import { relayApiVersion, relayKind } from '../../api/smtp-relay.ts';
import type { Fingerprint } from './fingerprint.ts';

export interface Place {
  readonly file: string;
  readonly line: number;
  /** The line where the next document starts; undefined for the last one. */
  readonly nextLine: number | undefined;
}

export interface DeclaredObject extends Key {
  readonly kind: 'SmtpRelay' | 'Secret' | 'ConfigMap';
  /** Changes with anything in the manifest. */
  readonly version: string;
  readonly place: Place;
  /** Only of an SmtpRelay. */
  readonly manifest: RelayManifest | undefined;
}

export interface RelayManifest {
  readonly apiVersion: unknown;
  readonly kind: unknown;
  readonly metadata: JsonObject;
  readonly spec: unknown;
}

/** Why a document declares nothing that can be used. */
export interface DeclarationProblem {
  readonly position: Position;
  readonly object: string | undefined;
  readonly fieldPath: string;
  readonly message: string;
}

export interface Declarations {
  readonly objects: readonly DeclaredObject[];
  readonly problems: readonly DeclarationProblem[];
}

export interface DeclarationOptions {
  /** Of objects that name none. */
  readonly namespace: string;
  readonly fingerprint: Fingerprint;
}

/** Documents of kinds that no relay needs are left out without a word. */
export function declaredObjects(file: ManifestFile, options: DeclarationOptions): Declarations {
  const objects: DeclaredObject[] = [];
  const problems: DeclarationProblem[] = [];
  for (const [index, document] of file.documents.entries()) {
    const kind = declaredKind(document.value);
    if (!kind) continue;
    const metadata = namedMetadata(document.value.metadata, options.namespace);
    const problem = namesProblem(metadata) ?? contentProblem(document, kind);
    if (problem) {
      const object = objectName(document.value);
      problems.push({ ...problem, object, position: document.positionOf(problem.fieldPath) });
      continue;
    }
    const nextLine = file.documents[index + 1]?.position.line;
    objects.push({
      kind,
      namespace: String(metadata.namespace),
      name: String(metadata.name),
      version: options.fingerprint(document.value),
      place: { file: document.file, line: document.position.line, nextLine },
      manifest: kind === 'SmtpRelay' ? relayManifest(document.value, metadata) : undefined,
    });
  }
  return { objects, problems };
}

function declaredKind({ apiVersion, kind }: JsonObject): DeclaredObject['kind'] | undefined {
  if (apiVersion === 'v1' && (kind === 'Secret' || kind === 'ConfigMap')) return kind;
  const [group] = relayApiVersion.split('/');
  return typeof apiVersion === 'string' && apiVersion.startsWith(`${group}/`) && kind === relayKind ? kind : undefined;
}

/** As the API server reads it: an empty namespace is none. */
function namedMetadata(written: unknown, namespace: string): Metadata {
  const metadata: JsonObject = isObject(written) ? written : {};
  const own = metadata.namespace;
  return { ...metadata, namespace: own === undefined || own === null || own === '' ? namespace : own };
}

type NamedProblem = Pick<DeclarationProblem, 'fieldPath' | 'message'>;

/** Also keeps names out of paths that lead elsewhere: status files are named after them. */
function namesProblem(metadata: Metadata): NamedProblem | undefined {
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

function contentProblem(document: ManifestDocument, kind: DeclaredObject['kind']): NamedProblem | undefined {
  if (kind === 'SmtpRelay') return undefined;
  const data = objectData(document.value);
  return data.kind === 'invalid' ? data : undefined;
}

interface Metadata extends JsonObject {
  readonly namespace: unknown;
  readonly name?: unknown;
}

/** A DNS-1123 subdomain, as the API server asks of names. */
function isName(value: unknown, longest: number): boolean {
  if (typeof value !== 'string' || value.length > longest) return false;
  return value.split('.').every((label) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(label));
}

function relayManifest(value: JsonObject, metadata: Metadata): RelayManifest {
  return { apiVersion: value.apiVersion, kind: value.kind, metadata, spec: value.spec };
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : `a value of type ${value === null ? 'null' : typeof value}`;
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
