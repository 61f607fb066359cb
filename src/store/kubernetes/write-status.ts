// Replaces a relay's status, and refuses to when another object has the name now.
import { keyOf } from '../../api/resource.ts';
import type { SmtpRelayStatus } from '../../api/smtp-relay.ts';
import type { StoredRelay, WriteResult } from '../store.ts';
import type { ApiClient, ApiFault } from './api-client.ts';
import { denied } from './denial.ts';
import { metadataOf } from './json.ts';
import { relayPath } from './relay-collection.ts';

export interface StatusWrite {
  readonly client: Pick<ApiClient, 'call'>;
  readonly relay: StoredRelay;
  readonly status: SmtpRelayStatus;
  /** The object as it is now. */
  readonly written: (object: unknown) => void;
}

export async function writeStatus({ client, relay, status, written }: StatusWrite): Promise<WriteResult> {
  const result = await client.call({
    method: 'PATCH',
    path: `${relayPath(keyOf(relay))}/status`,
    contentType: 'application/json-patch+json',
    body: [
      { op: 'test', path: '/metadata/uid', value: relay.metadata.uid },
      { op: 'add', path: '/status', value: status },
    ],
  });
  if (result.kind !== 'ok') return refusal(client, relay, result);
  written(result.body);
  return { kind: 'written' };
}

async function refusal(client: Pick<ApiClient, 'call'>, relay: StoredRelay, fault: ApiFault): Promise<WriteResult> {
  if (fault.kind === 'failed') return { kind: 'unavailable', message: fault.message };
  switch (fault.status) {
    case 404:
      return { kind: 'gone' };
    case 403:
      return denied('patch', 'smtprelays/status', relay.metadata.namespace);
    case 400:
    case 422:
      // A failed `test` and a status against the schema are refused alike; only a look tells them apart.
      return (await isAnother(client, relay)) ? { kind: 'gone' } : { kind: 'invalid', message: fault.message };
    default:
      return { kind: 'unavailable', message: `the API server answered ${fault.status} ${fault.message}` };
  }
}

async function isAnother(client: Pick<ApiClient, 'call'>, relay: StoredRelay): Promise<boolean> {
  const result = await client.call({ method: 'GET', path: relayPath(keyOf(relay)) });
  if (result.kind === 'ok') return metadataOf(result.body).uid !== relay.metadata.uid;
  return result.kind === 'refused' && result.status === 404;
}
