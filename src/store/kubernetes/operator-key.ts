// The operator's own key, which marks passwords: the Secret relaykeeper-key in its namespace, made once by whichever
// replica comes first. It is never replaced: with another key every account's password would count as changed.
import type { ApiClient, ApiFault, ApiRequest } from './api-client.ts';
import { collectionPath } from './collection.ts';
import { isObject, textOf } from './json.ts';

export type OperatorKey =
  | { readonly kind: 'key'; readonly key: Buffer }
  /** A sentence, without the key. */
  | { readonly kind: 'failed'; readonly message: string };

export interface KeyPlace {
  readonly client: Pick<ApiClient, 'call'>;
  /** The operator's own. */
  readonly namespace: string;
}

export interface OperatorKeyOptions extends KeyPlace {
  /** So many bytes that nobody can guess. */
  readonly randomBytes: (size: number) => Buffer;
}

const secretName = 'relaykeeper-key';
const secretType = 'relaykeeper.dev/key';
const keyBytes = 32;

export async function operatorKey(options: OperatorKeyOptions): Promise<OperatorKey> {
  const stored = await storedOperatorKey(options);
  return stored ?? create(options);
}

/** Undefined where there is none yet: for commands that only look. */
export async function storedOperatorKey({ client, namespace }: KeyPlace): Promise<OperatorKey | undefined> {
  const result = await client.call({ method: 'GET', path: `${secretsPath(namespace)}/${secretName}` });
  if (result.kind === 'ok') return keyIn(result.body, namespace);
  if (result.kind === 'refused' && result.status === 404) return undefined;
  return failed('get', namespace, result);
}

async function create(options: OperatorKeyOptions): Promise<OperatorKey> {
  const { client, namespace, randomBytes } = options;
  const key = randomBytes(keyBytes);
  const result = await client.call(creation(namespace, key));
  if (result.kind === 'ok') return { kind: 'key', key };
  // 409: another replica was quicker, and its key counts.
  const other = result.kind === 'refused' && result.status === 409 ? await storedOperatorKey(options) : undefined;
  return other ?? failed('create', namespace, result);
}

function creation(namespace: string, key: Buffer): ApiRequest {
  return {
    method: 'POST',
    path: secretsPath(namespace),
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secretName, namespace, labels: { 'app.kubernetes.io/managed-by': 'relaykeeper' } },
      type: secretType,
      immutable: true,
      data: { key: key.toString('base64') },
    },
  };
}

function keyIn(body: unknown, namespace: string): OperatorKey {
  const { type, data } = isObject(body) ? body : {};
  const key = Buffer.from(isObject(data) ? textOf(data.key) : '', 'base64');
  if (type === secretType && key.length === keyBytes) return { kind: 'key', key };
  const message = `Secret ${namespace}/${secretName} is not of type ${secretType} with ${keyBytes} bytes under the key "key". Restore it from a backup, or delete it: a new one is made then, and accounts count as changed.`;
  return { kind: 'failed', message };
}

function failed(verb: 'get' | 'create', namespace: string, fault: ApiFault): OperatorKey {
  return { kind: 'failed', message: `cannot ${verb} Secret ${namespace}/${secretName}: ${why(fault)}` };
}

function why(fault: ApiFault): string {
  if (fault.kind === 'failed') return `the API server cannot be reached: ${fault.message}`;
  if (fault.status !== 403) return `the API server answered ${fault.status} ${fault.message}`;
  return `RBAC does not allow it; grant get and create on secrets there (${fault.message})`;
}

function secretsPath(namespace: string): string {
  return collectionPath({ group: '', version: 'v1', namespace, resource: 'secrets' });
}
