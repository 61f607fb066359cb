// Wakes relays when a Secret or ConfigMap that they refer to changes, by the access that the admin gave. Watches carry
// metadata only, and of that nothing is kept but the version of what somebody follows.
import type { Key } from '../../api/resource.ts';
import { createReferenceIndex, referenceText } from '../reference-index.ts';
import type { Reference } from '../store.ts';
import { type Collection, watchSubject } from './collection.ts';
import { resourceOf } from './read-reference.ts';
import { referenceSink, type SeenVersions } from './reference-sink.ts';
import { isNewer } from './resource-version.ts';
import type { Sink } from './sink.ts';

/**
 * Cluster: one watch over all Secrets, one over all ConfigMaps. Namespaces: one each in every namespace with a relay
 * that refers to some. Named: one for each object, so that RBAC can name it.
 */
export type SecretAccess = 'Cluster' | 'Namespaces' | 'Named';

export interface ReferenceWatches {
  follow(relay: Key, references: readonly Reference[]): void;
  /** The version that a read just saw: one newer than known wakes all who follow, later ones wake from there. */
  saw(reference: Reference, version: string): void;
}

interface ReferenceWatchesOptions {
  readonly access: SecretAccess;
  /** Follows the collection until the signal aborts. */
  readonly watch: (collection: Collection, sink: Sink, signal: AbortSignal) => void;
  readonly wake: (relay: Key) => void;
}

/** Each is a connection of its own. What goes beyond is read again at every probe. */
export const mostNamedWatches = 200;

export function createReferenceWatches({ access, watch, wake }: ReferenceWatchesOptions): ReferenceWatches {
  const index = createReferenceIndex();
  const versions: SeenVersions = new Map();
  /** How many followed references need each collection, in the order of their coming. */
  const wanted = new Map<string, { readonly collection: Collection; needs: number }>();
  const running = new Map<string, AbortController>();
  const most = access === 'Named' ? mostNamedWatches : Number.POSITIVE_INFINITY;

  const sinkOf = ({ resource, namespace, name }: Collection) =>
    referenceSink({
      kind: resource === 'secrets' ? 'Secret' : 'ConfigMap',
      covers: (reference) =>
        (namespace === undefined || reference.namespace === namespace) &&
        (name === undefined || reference.name === name),
      versions,
      isFollowed: (reference) => index.followersOf(reference).length > 0,
      wakeFollowers: (reference) => index.followersOf(reference).forEach(wake),
    });
  const start = (collection: Collection) => {
    const stop = new AbortController();
    running.set(watchSubject(collection), stop);
    watch(collection, sinkOf(collection), stop.signal);
  };
  const need = (reference: Reference) => {
    const collection = collectionOf(access, reference);
    const entry = wanted.get(watchSubject(collection)) ?? { collection, needs: 0 };
    wanted.set(watchSubject(collection), { collection, needs: entry.needs + 1 });
  };
  const drop = (reference: Reference) => {
    versions.delete(referenceText(reference));
    const subject = watchSubject(collectionOf(access, reference));
    const entry = wanted.get(subject);
    if (!entry) return;
    entry.needs -= 1;
    if (entry.needs > 0) return;
    wanted.delete(subject);
    running.get(subject)?.abort();
    running.delete(subject);
  };
  const fill = () => {
    for (const [subject, { collection }] of wanted) {
      if (running.size >= most) return;
      if (!running.has(subject)) start(collection);
    }
  };

  return {
    follow(relay, references) {
      const { added, removed } = index.follow(relay, references);
      added.forEach(need);
      removed.forEach(drop);
      if (added.length + removed.length > 0 && running.size < Math.min(most, wanted.size)) fill();
    },
    saw(reference, version) {
      const followers = index.followersOf(reference);
      if (followers.length === 0) return;
      const held = versions.get(referenceText(reference));
      if (held && !isNewer(version, held.version)) return;
      versions.set(referenceText(reference), { reference, version });
      // One relay's read was ahead of the watch, whose event will be no news any more: the others hear of it now.
      if (held) followers.forEach(wake);
    },
  };
}

function collectionOf(access: SecretAccess, reference: Reference): Collection {
  const core = { group: '', version: 'v1', resource: resourceOf(reference), metadataOnly: true };
  const { namespace, name } = reference;
  switch (access) {
    case 'Cluster':
      return core;
    case 'Namespaces':
      return { ...core, namespace };
    case 'Named':
      return { ...core, namespace, name };
  }
}
