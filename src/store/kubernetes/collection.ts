// What a reflector follows: a resource, in one namespace or in all, perhaps one object of it, perhaps only metadata.
import { relayApiVersion } from '../../api/smtp-relay.ts';
import type { ApiFault, ApiRequest } from './api-client.ts';

export interface Collection {
  /** As RBAC writes it: `smtprelays`. */
  readonly resource: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Absent: every object. */
  readonly name?: string;
  /** Only Secrets of this type; absent: whatever type. */
  readonly type?: string;
  /** The server leaves everything but metadata away (Kubernetes API concepts, "Metadata-only fetches"). */
  readonly metadataOnly: boolean;
}

const [relayGroup] = relayApiVersion.split('/');

export function listRequest(collection: Collection, page: { limit: number; from: string | undefined }): ApiRequest {
  return {
    method: 'GET',
    path: collectionPath(collection),
    query: { ...fieldSelector(collection), limit: String(page.limit), ...(page.from ? { continue: page.from } : {}) },
    accept: accepted(collection, 'PartialObjectMetadataList'),
  };
}

export function watchRequest(collection: Collection, watch: { version: string; seconds: number }): ApiRequest {
  return {
    method: 'GET',
    path: collectionPath(collection),
    query: {
      ...fieldSelector(collection),
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: watch.version,
      timeoutSeconds: String(watch.seconds),
    },
    accept: accepted(collection, 'PartialObjectMetadata'),
  };
}

export function collectionPath({ group, version, namespace, resource }: Omit<Collection, 'metadataOnly'>): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource}`;
}

/** `watch secrets in namespace mail`: a problem's subject, the same for as long as the collection is followed. */
export function watchSubject(collection: Collection): string {
  return `watch ${describe(collection)}`;
}

/** Why the collection cannot be followed, and what would be right. */
export function faultText(verb: 'list' | 'watch', collection: Collection, fault: ApiFault): string {
  const what = `cannot ${verb} ${describe(collection)}`;
  if (fault.kind === 'failed') return `${what}: the API server cannot be reached: ${fault.message}`;
  switch (fault.status) {
    case 401:
      return `${what}: the API server does not accept the credentials (401 ${fault.message})`;
    case 403:
      return `${what}: RBAC does not allow it; grant the verbs list and watch on ${qualified(collection)} (${fault.message})`;
    case 404:
      return `${what}: the API server does not know ${qualified(collection)}; ${definitionRemedy(collection)}`;
    default:
      return `${what}: the API server answered ${fault.status} ${fault.message}`;
  }
}

function definitionRemedy({ group }: Collection): string {
  return `apply its CustomResourceDefinition${group === relayGroup ? ' (kubectl apply -f crds/)' : ''}`;
}

function describe({ resource, name, type, namespace }: Collection): string {
  const which = `${name === undefined ? '' : ` ${name}`}${type === undefined ? '' : ` of type ${type}`}`;
  // Namespaces are in no namespace.
  if (resource === 'namespaces') return `${resource}${which}`;
  return `${resource}${which} in ${namespace === undefined ? 'all namespaces' : `namespace ${namespace}`}`;
}

function qualified({ resource, group }: Collection): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function fieldSelector({ name, type }: Collection): Record<string, string> {
  const fields = [
    ...(name === undefined ? [] : [`metadata.name=${name}`]),
    ...(type === undefined ? [] : [`type=${type}`]),
  ];
  return fields.length === 0 ? {} : { fieldSelector: fields.join(',') };
}

/** Without plain JSON as an alternative: better an error than contents that nobody asked for. */
function accepted({ metadataOnly }: Collection, as: string): string {
  return metadataOnly ? `application/json;as=${as};g=meta.k8s.io;v=v1` : 'application/json';
}
