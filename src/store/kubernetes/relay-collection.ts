// Where the API server keeps SmtpRelays.
import type { Key } from '../../api/resource.ts';
import { type Collection, collectionPath } from './collection.ts';

export function relayCollection(namespace: string | undefined): Collection {
  return { ...relayResource, ...(namespace === undefined ? {} : { namespace }), metadataOnly: false };
}

export function relayPath({ namespace, name }: Key): string {
  return `${collectionPath({ ...relayResource, namespace })}/${encodeURIComponent(name)}`;
}

const relayResource = { group: 'relaykeeper.dev', version: 'v1alpha1', resource: 'smtprelays' } as const;
