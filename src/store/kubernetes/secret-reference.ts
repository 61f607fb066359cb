// Names a Secret as Events do. Its uid, by which dashboards look, is asked for only then: few accounts ever
// get an Event, and a hundred thousand uids would have to be kept.
import type { Key } from '../../api/resource.ts';
import type { ApiClient } from './api-client.ts';
import { collectionPath } from './collection.ts';
import { metadataOf, textOf } from './json.ts';
import type { ObjectReference } from './record-event.ts';

export type SecretReference =
  | { readonly kind: 'found'; readonly reference: ObjectReference }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly message: string };

export async function secretReference(
  client: Pick<ApiClient, 'call'>,
  { namespace, name }: Key,
): Promise<SecretReference> {
  const result = await client.call({
    method: 'GET',
    path: `${collectionPath({ group: '', version: 'v1', namespace, resource: 'secrets' })}/${encodeURIComponent(name)}`,
    accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  });
  if (result.kind === 'refused' && result.status === 404) return { kind: 'missing' };
  if (result.kind !== 'ok') return { kind: 'failed', message: result.message };
  const { uid, resourceVersion } = metadataOf(result.body);
  const identity = { uid: textOf(uid), resourceVersion: textOf(resourceVersion) };
  return { kind: 'found', reference: { apiVersion: 'v1', kind: 'Secret', namespace, name, ...identity } };
}
