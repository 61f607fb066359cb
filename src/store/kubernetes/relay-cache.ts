// The SmtpRelays as last seen.
import type { Key } from '../../api/resource.ts';
import type { StoredRelay } from '../store.ts';
import { createObjectCache, type ObjectCache } from './object-cache.ts';
import { storedRelay } from './stored-relay.ts';

export function createRelayCache(changed: (key: Key) => void): ObjectCache<StoredRelay> {
  return createObjectCache({ read: storedRelay, uidOf: ({ metadata }) => metadata.uid, changed });
}
