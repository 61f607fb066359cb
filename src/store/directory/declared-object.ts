// One object that a manifest declares, as far as the store keeps it: a relay or policy whole, of a Secret or ConfigMap
// only that it is there and which version; its values are read again from the file when they are used.
import type { JsonObject } from '../../api/json.ts';
import type { ManifestDocument, ManifestFile, Position } from '../../api/manifest/manifest-file.ts';
import { objectData } from '../../api/manifest/object-data.ts';
import { objectName } from '../../api/manifest/object-name.ts';
import { policyKind } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import { relayApiVersion, relayKind } from '../../api/smtp-relay.ts';
import { type DeclaredSubject, declaredSubject, type SubjectOptions } from './declared-subject.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type Metadata, type NamedProblem, namedMetadata, namesProblem } from './object-metadata.ts';
import type { ManifestText } from './read-manifest.ts';

export interface Place {
  readonly file: string;
  readonly line: number;
  /** The line where the next document starts; undefined for the last one. */
  readonly nextLine: number | undefined;
}

export interface DeclaredObject extends Key {
  readonly kind: OwnKindName | 'Secret' | 'ConfigMap';
  /** Changes with anything in the manifest. */
  readonly version: string;
  readonly place: Place;
  /** Only of an SmtpRelay or NotificationPolicy. */
  readonly manifest: OwnManifest | undefined;
  /** Only of a Secret that policies look at. */
  readonly subject?: DeclaredSubject | undefined;
}

/** The kinds that have a status. */
export type OwnKindName = 'SmtpRelay' | 'NotificationPolicy';

export interface OwnManifest {
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

export interface DeclarationOptions extends SubjectOptions {
  /** Reads a manifest; from disk when absent. */
  readonly readText?: (path: string) => Promise<ManifestText>;
  /** Of objects that name none. */
  readonly namespace: string;
  readonly fingerprint: Fingerprint;
}

/** Documents of other kinds are left out without a word. */
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
    const version = options.fingerprint(document.value);
    const nextLine = file.documents[index + 1]?.position.line;
    objects.push({
      kind,
      namespace: String(metadata.namespace),
      name: String(metadata.name),
      version,
      place: { file: document.file, line: document.position.line, nextLine },
      manifest: isOwnKind(kind) ? ownManifest(document.value, metadata) : undefined,
      ...(kind === 'Secret' && { subject: declaredSubject(document.value, { metadata, version, options }) }),
    });
  }
  return { objects, problems };
}

function declaredKind({ apiVersion, kind }: JsonObject): DeclaredObject['kind'] | undefined {
  if (apiVersion === 'v1' && (kind === 'Secret' || kind === 'ConfigMap')) return kind;
  const [group] = relayApiVersion.split('/');
  const isOwnGroup = typeof apiVersion === 'string' && apiVersion.startsWith(`${group}/`);
  return isOwnGroup && isOwnKind(kind) ? kind : undefined;
}

export function isOwnKind(kind: unknown): kind is OwnKindName {
  return kind === relayKind || kind === policyKind;
}

function contentProblem(document: ManifestDocument, kind: DeclaredObject['kind']): NamedProblem | undefined {
  if (isOwnKind(kind)) return undefined;
  const data = objectData(document.value);
  return data.kind === 'invalid' ? data : undefined;
}

function ownManifest(value: JsonObject, metadata: Metadata): OwnManifest {
  return { apiVersion: value.apiVersion, kind: value.kind, metadata, spec: value.spec };
}
