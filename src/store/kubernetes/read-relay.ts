// Reads one SmtpRelay from the API server, for a command that needs no watch.
import type { Key } from '../../api/resource.ts';
import type { StoredRelay } from '../store.ts';
import type { ApiClient, ApiFault } from './api-client.ts';
import { customPath, relayResource } from './custom-resource.ts';
import { storedRelay } from './stored-relay.ts';

export type RelayRead =
  | { readonly kind: 'found'; readonly relay: StoredRelay }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly message: string };

export async function readRelay(client: ApiClient, key: Key): Promise<RelayRead> {
  return relayResult(await client.call({ method: 'GET', path: customPath(relayResource, key) }), { verb: 'get', key });
}

/** Asks the operator for a probe ("Test Connection") by the annotation; the relay as it is then. */
export async function annotateRelay(
  client: ApiClient,
  { key, name, value }: { key: Key; name: string; value: string },
): Promise<RelayRead> {
  const result = await client.call({
    method: 'PATCH',
    path: customPath(relayResource, key),
    contentType: 'application/merge-patch+json',
    body: { metadata: { annotations: { [name]: value } } },
  });
  return relayResult(result, { verb: 'patch', key });
}

function relayResult(
  result: { kind: 'ok'; body: unknown } | ApiFault,
  { verb, key }: { verb: string; key: Key },
): RelayRead {
  if (result.kind === 'ok') {
    const relay = storedRelay(result.body);
    return relay ? { kind: 'found', relay } : { kind: 'failed', message: 'the API server sent no SmtpRelay' };
  }
  if (result.kind === 'failed') return { kind: 'failed', message: result.message };
  switch (result.status) {
    case 404:
      return { kind: 'missing' };
    case 403:
      return { kind: 'failed', message: `you may not ${verb} smtprelays in namespace ${key.namespace} (RBAC)` };
    default:
      return { kind: 'failed', message: `the API server answered ${result.status} ${result.message}` };
  }
}
