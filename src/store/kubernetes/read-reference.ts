// Reads one Secret or ConfigMap. Always from the API server: what is secret is held no longer than it is used.
import type { ReadResult, Reference, ReferencedObject } from '../store.ts';
import type { ApiClient } from './api-client.ts';
import { collectionPath } from './collection.ts';
import { denied } from './denial.ts';
import { isObject, metadataOf, textOf } from './json.ts';

export async function readReference(client: Pick<ApiClient, 'call'>, reference: Reference): Promise<ReadResult> {
  const resource = resourceOf(reference);
  const { namespace, name } = reference;
  const path = `${collectionPath({ group: '', version: 'v1', namespace, resource })}/${encodeURIComponent(name)}`;
  const result = await client.call({ method: 'GET', path });
  if (result.kind === 'ok') return { kind: 'found', object: referencedObject(result.body) };
  if (result.kind === 'failed') return { kind: 'unavailable', message: result.message };
  switch (result.status) {
    case 404:
      return { kind: 'missing' };
    case 403:
      return denied('get', resource, namespace);
    default:
      return { kind: 'unavailable', message: `the API server answered ${result.status} ${result.message}` };
  }
}

/** As RBAC and paths write it. */
export function resourceOf({ kind }: Pick<Reference, 'kind'>): 'secrets' | 'configmaps' {
  return kind === 'Secret' ? 'secrets' : 'configmaps';
}

export function referencedObject(body: unknown): ReferencedObject {
  const { kind, type, data, binaryData } = isObject(body) ? body : {};
  // A ConfigMap's data is text as it is; all the rest is base64.
  const encoding = kind === 'ConfigMap' ? 'utf8' : 'base64';
  return {
    resourceVersion: textOf(metadataOf(body).resourceVersion),
    type: textOf(type),
    data: new Map([...decoded(data, encoding), ...decoded(binaryData, 'base64')]),
  };
}

function decoded(data: unknown, encoding: 'utf8' | 'base64'): [string, Buffer][] {
  if (!isObject(data)) return [];
  return Object.entries(data).map(([key, value]) => [key, Buffer.from(textOf(value), encoding)]);
}
