// Replaces an object's status, and refuses to when another object has the name now.
import { keyOf } from '../../api/resource.ts';
import type { WriteResult } from '../store.ts';
import type { StoredObject } from '../stored-object.ts';
import type { ApiClient, ApiFault } from './api-client.ts';
import { type CustomResource, customPath } from './custom-resource.ts';
import { denied } from './denial.ts';
import { metadataOf } from './json.ts';

interface Target {
  readonly client: Pick<ApiClient, 'call'>;
  readonly resource: CustomResource;
  readonly object: StoredObject<unknown>;
}

export interface StatusWrite extends Target {
  readonly status: object;
  /** Refused as `conflict` where the object was changed since it was read. */
  readonly unchanged?: boolean;
  /** The object as it is now. */
  readonly written: (object: unknown) => void;
}

export async function writeStatus({
  status,
  written,
  unchanged = false,
  ...target
}: StatusWrite): Promise<WriteResult> {
  const { client, resource, object } = target;
  const result = await client.call({
    method: 'PATCH',
    path: `${customPath(resource, keyOf(object))}/status`,
    contentType: 'application/json-patch+json',
    body: [
      { op: 'test', path: '/metadata/uid', value: object.metadata.uid },
      ...(unchanged ? [{ op: 'test', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion }] : []),
      { op: 'add', path: '/status', value: status },
    ],
  });
  if (result.kind !== 'ok') return refusal(target, result, unchanged);
  written(result.body);
  return { kind: 'written' };
}

async function refusal(target: Target, fault: ApiFault, unchanged: boolean): Promise<WriteResult> {
  if (fault.kind === 'failed') return { kind: 'unavailable', message: fault.message };
  switch (fault.status) {
    case 404:
      return { kind: 'gone' };
    case 403:
      return denied('patch', `${target.resource.resource}/status`, target.object.metadata.namespace);
    case 400:
    case 422:
      // A failed `test` and a status against the schema are refused alike; only a look tells them apart.
      return afterLook(await look(target), { target, fault, unchanged });
    default:
      return { kind: 'unavailable', message: `the API server answered ${fault.status} ${fault.message}` };
  }
}

interface Refused {
  readonly target: Target;
  readonly fault: Extract<ApiFault, { kind: 'refused' }>;
  readonly unchanged: boolean;
}

function afterLook(now: Look, { target, fault, unchanged }: Refused): WriteResult {
  const { uid, resourceVersion } = target.object.metadata;
  if (now !== 'unknown' && now.uid !== uid) return { kind: 'gone' };
  if (unchanged && now !== 'unknown' && now.resourceVersion !== resourceVersion) return { kind: 'conflict' };
  return { kind: 'invalid', message: fault.message };
}

/** Neither where there is none. */
type Look = { readonly uid: unknown; readonly resourceVersion: unknown } | 'unknown';

async function look({ client, resource, object }: Target): Promise<Look> {
  const result = await client.call({ method: 'GET', path: customPath(resource, keyOf(object)) });
  if (result.kind === 'ok') {
    const { uid, resourceVersion } = metadataOf(result.body);
    return { uid, resourceVersion };
  }
  const missing = result.kind === 'refused' && result.status === 404;
  return missing ? { uid: undefined, resourceVersion: undefined } : 'unknown';
}
