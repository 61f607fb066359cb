// The text of `<state>/status/<namespace>/SmtpRelay/<name>.yaml`: the relay's status as `kubectl get -o yaml` would show
// it, with the metadata that a restart needs.
import { createHash } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import { dump, load } from 'js-yaml';
import { isObject } from '../../api/json.ts';
import type { Key } from '../../api/resource.ts';
import { relayApiVersion, relayKind, type SmtpRelayStatus } from '../../api/smtp-relay.ts';
import type { KeptStatus, RelayRecord } from './relay-entry.ts';

const specVersionAnnotation = 'relaykeeper.dev/spec-version';

export function statusPath(root: string, { namespace, name }: Key): string {
  return join(root, namespace, relayKind, `${name}.yaml`);
}

/** Whose status a path below the root is; undefined for any other file. */
export function statusOwner(root: string, path: string): Key | undefined {
  const [namespace, kind, file, ...deeper] = relative(root, path).split(sep);
  if (namespace === undefined || kind !== relayKind || !file?.endsWith('.yaml') || deeper.length > 0) return undefined;
  return { namespace, name: file.slice(0, -'.yaml'.length) };
}

export function statusText(key: Key, record: RelayRecord, status: SmtpRelayStatus): string {
  const { specVersion, ...identity } = record;
  const metadata = { ...key, ...identity, annotations: { [specVersionAnnotation]: specVersion } };
  const document = { apiVersion: relayApiVersion, kind: relayKind, metadata, status };
  return dump(document, { skipInvalid: true, noRefs: true, lineWidth: 120 });
}

/** Takes what can be used of a text that anyone may have edited; `isStatus` is the schema's word on it. */
export function parseStatusText(text: string, isStatus: (value: unknown) => value is SmtpRelayStatus): KeptStatus {
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

function recordOf(metadata: unknown): RelayRecord | undefined {
  if (!isObject(metadata)) return undefined;
  const { uid, generation, creationTimestamp, annotations } = metadata;
  const specVersion = isObject(annotations) ? annotations[specVersionAnnotation] : undefined;
  if (typeof uid !== 'string' || typeof creationTimestamp !== 'string') return undefined;
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation) || generation < 1) return undefined;
  return { uid, creationTimestamp, generation, specVersion: typeof specVersion === 'string' ? specVersion : '' };
}
