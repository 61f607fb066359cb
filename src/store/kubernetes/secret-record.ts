// A record as a Secret: its head in annotations, which a metadata-only watch shows, its body in the data.
import type { NewRecord, RecordChange, RecordFound, RecordHead } from '../records.ts';
import { isObject, metadataOf, textOf } from './json.ts';

export interface RecordKind {
  readonly namespace: string;
  /** Of the Secrets; a field selector finds them by it. */
  readonly type: string;
  /** For people: `kubectl get secrets -l …`. */
  readonly labels: Readonly<Record<string, string>>;
}

const bodyKey = 'raw';

export function secretOf({ namespace, type, labels }: RecordKind, { name, annotations, body }: NewRecord): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type,
    metadata: { namespace, name, labels, annotations },
    data: { [bodyKey]: body.toString('base64') },
  };
}

/** A merge patch (RFC 7386), refused where the version is no longer the latest. */
export function patchOf({ version, annotations, removeBody }: RecordChange): object {
  const metadata = { resourceVersion: version, annotations };
  return removeBody ? { metadata, data: { [bodyKey]: null } } : { metadata };
}

export function headOf(object: unknown): RecordHead {
  const { name, resourceVersion, annotations } = metadataOf(object);
  const texts = Object.entries(isObject(annotations) ? annotations : {}).map(([key, value]) => [key, textOf(value)]);
  return { name: textOf(name), version: textOf(resourceVersion), annotations: Object.fromEntries(texts) };
}

export function recordOf(object: unknown): RecordFound {
  const data = isObject(object) && isObject(object.data) ? object.data : {};
  const body = data[bodyKey];
  return {
    kind: 'found',
    head: headOf(object),
    body: typeof body === 'string' ? Buffer.from(body, 'base64') : undefined,
  };
}
