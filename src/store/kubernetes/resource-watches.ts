// Objects of any kind that a policy names, from a watch that starts when they are first asked for.
import type { ResourceKind, ResourceList, StoredResource } from '../policy-store.ts';
import { refusedKind } from '../refused-kind.ts';
import type { ApiClient } from './api-client.ts';
import type { Collection } from './collection.ts';
import { discoverResource } from './discover-resource.ts';
import { createObjectCache, type ObjectCache } from './object-cache.ts';
import type { Reflector } from './reflector.ts';
import { createScopedWatches, type ScopedWatches, type WatchScope } from './scoped-watches.ts';
import type { Sink } from './sink.ts';
import { storedResource } from './stored-resource.ts';

export interface ResourceWatchesOptions {
  readonly client: Pick<ApiClient, 'call'>;
  readonly scope: WatchScope;
  readonly reflect: (collection: Collection, sink: Sink) => Reflector;
  /** Resolves once the watch has seen or was refused, or waited long enough. */
  readonly settled: (reflector: Reflector) => Promise<void>;
}

export type ListResources = (kind: ResourceKind, namespace: string) => Promise<ResourceList>;

export function createResourceWatches(options: ResourceWatchesOptions): ListResources {
  const kinds = new Map<string, WatchedKind>();

  return async (kind, namespace) => {
    const refused = refusedKind(kind);
    if (refused) return { kind: 'unavailable', message: refused };
    const text = `${kind.apiVersion} ${kind.kind}`;
    if (!kinds.has(text)) {
      const found = await discoverResource(options.client, kind);
      if (found.kind === 'unavailable') return found;
      // Another caller may have been quicker.
      if (!kinds.has(text)) kinds.set(text, watchKind(found.collection, kind, options));
    }
    const watched = kinds.get(text);
    const reflector = watched?.watches.see(namespace);
    if (!watched || !reflector) return { kind: 'unavailable', message: outOfScope(namespace) };
    await options.settled(reflector);
    const unseen = reflector.unseen();
    if (unseen !== undefined) return { kind: 'unavailable', message: unseen };
    return { kind: 'found', resources: watched.cache.inNamespace(namespace) };
  };
}

/** Why a namespace is not looked into. */
export function outOfScope(namespace: string): string {
  return `namespace ${namespace} is not among those that --namespace names`;
}

interface WatchedKind {
  readonly cache: ObjectCache<StoredResource>;
  readonly watches: ScopedWatches;
}

function watchKind(collection: Collection, kind: ResourceKind, options: ResourceWatchesOptions): WatchedKind {
  const cache = createObjectCache({ read: (object) => storedResource(object, kind), changed: () => undefined });
  const { scope, reflect } = options;
  return { cache, watches: createScopedWatches({ scope, collection, sink: cache.sink, reflect }) };
}
