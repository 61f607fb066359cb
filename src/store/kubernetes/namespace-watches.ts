// The namespaces with what decides who may look at their subjects: all of them, or only those that --namespace names,
// so that a right to each by its name suffices.
import type { StoredNamespace } from '../policy-store.ts';
import type { Collection } from './collection.ts';
import { metadataOf, textOf } from './json.ts';
import { createObjectCache } from './object-cache.ts';
import type { Reflector } from './reflector.ts';
import type { Sink } from './sink.ts';
import { annotationsOf, labelsOf } from './stored-object.ts';

export interface NamespaceWatches {
  /** One that --namespace names and that cannot be seen counts as without labels. */
  list(): readonly StoredNamespace[];
  /** Why not all of them are seen at present: a sentence. */
  whyUnseen(): string | undefined;
  begin(): void;
  running(): readonly Reflector[];
}

interface NamespaceWatchesOptions {
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly reflect: (collection: Collection, sink: Sink) => Reflector;
}

export function createNamespaceWatches({ namespaces, reflect }: NamespaceWatchesOptions): NamespaceWatches {
  const all = { group: '', version: 'v1', resource: 'namespaces', metadataOnly: true };
  const watched: readonly Collection[] = namespaces.length === 0 ? [all] : namespaces.map((name) => ({ ...all, name }));
  const entries = watched.map((collection) => ({
    collection,
    cache: createObjectCache({ read: storedNamespace, changed: () => undefined }),
  }));
  let reflectors: readonly Reflector[] = [];

  return {
    begin() {
      reflectors = entries.map(({ collection, cache }) => reflect(collection, cache.sink(undefined)));
    },
    running: () => reflectors,
    whyUnseen: () => reflectors.map((each) => each.unseen()).find((why) => why !== undefined),
    list: () =>
      entries.flatMap(({ collection: { name }, cache }, i) => {
        const seen = cache.inNamespace('');
        if (name === undefined || seen.length > 0 || reflectors[i]?.unseen() === undefined) return seen;
        return [{ name, labels: {}, annotations: {} }];
      }),
  };
}

function storedNamespace(object: unknown): StoredNamespace {
  const metadata = metadataOf(object);
  return { name: textOf(metadata.name), labels: labelsOf(metadata), annotations: annotationsOf(metadata) };
}
