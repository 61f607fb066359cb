// Where the API server keeps Relaykeeper's own objects.
import { policyKind } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import { relayApiVersion, relayKind } from '../../api/smtp-relay.ts';
import { type Collection, collectionPath } from './collection.ts';

export interface CustomResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  /** As RBAC and paths write it. */
  readonly resource: string;
}

export const relayResource: CustomResource = own(relayKind, 'smtprelays');
export const policyResource: CustomResource = own(policyKind, 'notificationpolicies');

export function customCollection(
  { group, version, resource }: CustomResource,
  namespace: string | undefined,
): Collection {
  return { group, version, resource, ...(namespace === undefined ? {} : { namespace }), metadataOnly: false };
}

export function customPath({ group, version, resource }: CustomResource, { namespace, name }: Key): string {
  return `${collectionPath({ group, version, resource, namespace })}/${encodeURIComponent(name)}`;
}

/** Both kinds share group and version. */
function own(kind: string, resource: string): CustomResource {
  const [group = '', version = ''] = relayApiVersion.split('/');
  return { apiVersion: relayApiVersion, kind, group, version, resource };
}
