// An SmtpRelay as the API server sends it, made what the port calls a stored relay.
import type { SmtpRelayStatus } from '../../api/smtp-relay.ts';
import type { StoredRelay } from '../store.ts';
import { relayResource } from './custom-resource.ts';
import { storedObject } from './stored-object.ts';

export function storedRelay(object: unknown): StoredRelay | undefined {
  return storedObject<SmtpRelayStatus>(object, relayResource);
}
