// An SmtpRelay as the API server sends it, made what the port calls a stored relay. Leaves away what nobody here reads
// and what would double its size in memory.
import { relayApiVersion, relayKind, type SmtpRelayStatus } from '../../api/smtp-relay.ts';
import type { StoredRelay } from '../store.ts';
import { isObject, type JsonObject, metadataOf, textOf } from './json.ts';

/** Nothing where it lacks what the API server gives every object. */
export function storedRelay(object: unknown): StoredRelay | undefined {
  if (!isObject(object)) return undefined;
  const { status, ...rest } = object;
  const metadata = relayMetadata(metadataOf(object));
  if (!metadata) return undefined;
  return {
    metadata,
    manifest: { ...rest, apiVersion: rest.apiVersion ?? relayApiVersion, kind: rest.kind ?? relayKind, metadata },
    // Checked by the API server against the very schema that the type is made from.
    status: isObject(status) ? (status as SmtpRelayStatus) : undefined,
  };
}

function relayMetadata(raw: JsonObject): StoredRelay['metadata'] | undefined {
  const { name, namespace, uid, resourceVersion, generation } = raw;
  const required = [name, namespace, uid, resourceVersion].map(textOf);
  if (required.includes('')) return undefined;
  const { managedFields, ownerReferences, finalizers, annotations, ...kept } = raw;
  return {
    ...kept,
    ...(isObject(annotations) ? { annotations: withoutLastApplied(annotations) } : {}),
    name: textOf(name),
    namespace: textOf(namespace),
    uid: textOf(uid),
    resourceVersion: textOf(resourceVersion),
    generation: typeof generation === 'number' ? generation : 0,
  };
}

/** kubectl apply keeps a whole second copy of the manifest there. */
function withoutLastApplied(annotations: JsonObject): Record<string, string> {
  const kept = Object.entries(annotations).filter(
    ([name]) => name !== 'kubectl.kubernetes.io/last-applied-configuration',
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, textOf(value)]));
}
