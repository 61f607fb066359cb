// One of Relaykeeper's own objects as the API server sends it, made what the ports call a stored one. Leaves away what
// nobody here reads and what would double its size in memory.
import type { StoredObject } from '../stored-object.ts';
import { isObject, type JsonObject, metadataOf, textOf } from './json.ts';

/** Nothing where it lacks what the API server gives every object. The status is the API server's word on it. */
export function storedObject<Status>(
  object: unknown,
  type: { readonly apiVersion: string; readonly kind: string },
): StoredObject<Status> | undefined {
  if (!isObject(object)) return undefined;
  const { status, ...rest } = object;
  const metadata = completeMetadata(metadataOf(object));
  if (!metadata) return undefined;
  return {
    metadata,
    manifest: { ...rest, apiVersion: rest.apiVersion ?? type.apiVersion, kind: rest.kind ?? type.kind, metadata },
    // Checked by the API server against the very schema that the type is made from.
    status: isObject(status) ? (status as Status) : undefined,
  };
}

function completeMetadata(raw: JsonObject): StoredObject<unknown>['metadata'] | undefined {
  const { name, namespace, uid, resourceVersion, generation } = raw;
  const required = [name, namespace, uid, resourceVersion].map(textOf);
  if (required.includes('')) return undefined;
  const { managedFields, ownerReferences, finalizers, annotations, ...kept } = raw;
  return {
    ...kept,
    ...(isObject(annotations) ? { annotations: annotationsOf({ annotations }) } : {}),
    name: textOf(name),
    namespace: textOf(namespace),
    uid: textOf(uid),
    resourceVersion: textOf(resourceVersion),
    generation: typeof generation === 'number' ? generation : 0,
  };
}

/** Without the second copy of the whole manifest that kubectl apply keeps there: a Secret's has its values. */
export function annotationsOf(metadata: JsonObject): Record<string, string> {
  return textEntries(metadata.annotations, 'kubectl.kubernetes.io/last-applied-configuration');
}

export function labelsOf(metadata: JsonObject): Record<string, string> {
  return textEntries(metadata.labels);
}

function textEntries(value: unknown, without?: string): Record<string, string> {
  if (!isObject(value)) return {};
  const kept = Object.entries(value).filter(([name]) => name !== without);
  return Object.fromEntries(kept.map(([name, text]) => [name, textOf(text)]));
}
