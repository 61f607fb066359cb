// By which name the API server keeps a kind: `certificates` for cert-manager.io/v1 Certificate (the discovery document
// of its group and version).
import type { ResourceKind } from '../policy-store.ts';
import type { ApiClient, ApiFault } from './api-client.ts';
import type { Collection } from './collection.ts';
import { isObject, textOf } from './json.ts';

export type Discovery =
  | { readonly kind: 'found'; readonly collection: Collection }
  /** A sentence. */
  | { readonly kind: 'unavailable'; readonly message: string };

export async function discoverResource(client: Pick<ApiClient, 'call'>, wanted: ResourceKind): Promise<Discovery> {
  const { apiVersion, kind } = wanted;
  const parsed = groupVersion.exec(apiVersion)?.groups;
  if (!parsed) return unavailable(`"${apiVersion}" is no apiVersion: write group/version, or v1 for the core group`);
  const { group = '', version = '' } = parsed;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const result = await client.call({ method: 'GET', path: root });
  if (result.kind !== 'ok') return unavailable(faultText(wanted, result));
  const resource = resourcesOf(result.body).find((each) => each.kind === kind && !textOf(each.name).includes('/'));
  if (!resource) return unavailable(`the API server knows ${apiVersion}, but no kind ${kind} there`);
  if (resource.namespaced !== true)
    return unavailable(`${kind} of ${apiVersion} is in no namespace; no policy may look at it`);
  return {
    kind: 'found',
    collection: { group, version, resource: textOf(resource.name), metadataOnly: false },
  };
}

/** What may stand in a path: nobody leads us elsewhere. */
const groupVersion = /^(?:(?<group>[a-z0-9]([-a-z0-9.]*[a-z0-9])?)\/)?(?<version>v[a-z0-9]+)$/;

function unavailable(message: string): Discovery {
  return { kind: 'unavailable', message };
}

function faultText({ apiVersion, kind }: ResourceKind, fault: ApiFault): string {
  if (fault.kind === 'failed') return `the API server cannot be asked for ${apiVersion}: ${fault.message}`;
  if (fault.status === 404) {
    return `the API server does not know ${apiVersion}; install what brings the kind ${kind}, or correct apiVersion`;
  }
  return `the API server cannot be asked for ${apiVersion}: it answered ${fault.status} ${fault.message}`;
}

function resourcesOf(body: unknown): Readonly<Record<string, unknown>>[] {
  return isObject(body) && Array.isArray(body.resources) ? body.resources.filter(isObject) : [];
}
