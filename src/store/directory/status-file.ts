// The text of `<state>/status/<namespace>/<kind>/<name>.yaml`: a relay's or policy's status as `kubectl get -o yaml`
// would show it, with the metadata that a restart needs.
import { createHash } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import { dump, load } from 'js-yaml';
import { isObject } from '../../api/json.ts';
import type { Key } from '../../api/resource.ts';
import { isOwnKind, type OwnKindName } from './declared-object.ts';
import type { KeptStatus, ObjectRecord } from './object-entry.ts';
import type { OwnKind } from './own-kind.ts';

const specVersionAnnotation = 'relaykeeper.dev/spec-version';

export interface StatusOwner extends Key {
  readonly kind: OwnKindName;
}

export function statusPath(root: string, { namespace, kind, name }: StatusOwner): string {
  return join(root, namespace, kind, `${name}.yaml`);
}

/** Whose status a path below the root is; undefined for any other file. */
export function statusOwner(root: string, path: string): StatusOwner | undefined {
  const [namespace, kind, file, ...deeper] = relative(root, path).split(sep);
  if (namespace === undefined || !isOwnKind(kind) || !file?.endsWith('.yaml') || deeper.length > 0) return undefined;
  return { namespace, kind, name: file.slice(0, -'.yaml'.length) };
}

export interface StatusOfObject<Status> {
  readonly record: ObjectRecord;
  readonly status: Status;
}

export function statusText<Status>(
  { namespace, name }: Key,
  { apiVersion, kind }: OwnKind<Status>,
  { record, status }: StatusOfObject<Status>,
): string {
  const { specVersion, ...identity } = record;
  const metadata = { namespace, name, ...identity, annotations: { [specVersionAnnotation]: specVersion } };
  const document = { apiVersion, kind, metadata, status };
  return dump(document, { skipInvalid: true, noRefs: true, lineWidth: 120 });
}

/** Takes what can be used of a text that anyone may have edited. */
export function parseStatusText<Status>(text: string, { isStatus }: OwnKind<Status>): KeptStatus<Status> {
  const document = parsed(text);
  const status = document?.status;
  return {
    record: recordOf(document?.metadata),
    status: isStatus(status) ? status : undefined,
    textHash: textHash(text),
  };
}

export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = load(text, { maxAliases: 0 });
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // no YAML: as good as no status, and soon overwritten
  }
}

function recordOf(metadata: unknown): ObjectRecord | undefined {
  if (!isObject(metadata)) return undefined;
  const { uid, generation, creationTimestamp, annotations } = metadata;
  const specVersion = isObject(annotations) ? annotations[specVersionAnnotation] : undefined;
  if (typeof uid !== 'string' || typeof creationTimestamp !== 'string') return undefined;
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation) || generation < 1) return undefined;
  return { uid, creationTimestamp, generation, specVersion: typeof specVersion === 'string' ? specVersion : '' };
}
