// The SmtpRelays as last seen. Several reflectors, one a namespace, fill one cache. A watch never puts back what is
// older than what the cache holds: our own status write answers before the watch tells of it.
import { type Key, keyOf, keyText } from '../../api/resource.ts';
import type { StoredRelay } from '../store.ts';
import { isNewer } from './resource-version.ts';
import type { Sink } from './sink.ts';
import { storedRelay } from './stored-relay.ts';

export interface RelayCache {
  list(): readonly Key[];
  get(key: Key): StoredRelay | undefined;
  /** What a write answered; ignored for an object that has gone meanwhile. Wakes nobody: the writer knows. */
  written(object: unknown): void;
  /** For the reflector of one namespace, or of all. */
  sink(namespace: string | undefined): Sink;
}

export function createRelayCache(changed: (key: Key) => void): RelayCache {
  const relays = new Map<string, StoredRelay>();
  const onWritten: ((text: string) => void)[] = [];

  const put = (relay: StoredRelay, mayReplace: (version: string, held: string) => boolean) => {
    const held = relays.get(textOf(relay));
    if (held && !mayReplace(relay.metadata.resourceVersion, held.metadata.resourceVersion)) return;
    relays.set(textOf(relay), relay);
    changed(keyOf(relay));
  };
  const remove = (relay: StoredRelay) => {
    if (relays.delete(textOf(relay))) changed(keyOf(relay));
  };

  return {
    list: () => [...relays.values()].map(keyOf),
    get: (key) => relays.get(keyText(key)),
    written(object) {
      const relay = storedRelay(object);
      const held = relay && relays.get(textOf(relay));
      if (!relay || held?.metadata.uid !== relay.metadata.uid) return;
      if (!isNewer(relay.metadata.resourceVersion, held.metadata.resourceVersion)) return;
      relays.set(textOf(relay), relay);
      for (const tell of onWritten) tell(textOf(relay));
    },
    sink(namespace) {
      let listed = new Set<string>();
      let writtenSince = new Set<string>();
      onWritten.push((text) => writtenSince.add(text));
      const forget = () => {
        listed = new Set();
        writtenSince = new Set();
      };
      return {
        listStarted: forget,
        listed(objects) {
          for (const relay of objects.map(storedRelay)) {
            if (!relay) continue;
            listed.add(textOf(relay));
            // A list is the truth, older or not: a cluster restored from a backup goes back. Unless we wrote since it was asked for.
            put(relay, writtenSince.has(textOf(relay)) ? isNewer : isDifferent);
          }
        },
        listComplete() {
          const covered = [...relays.values()].filter((relay) => covers(namespace, relay));
          for (const relay of covered) if (!listed.has(textOf(relay))) remove(relay);
          forget();
        },
        changed(object) {
          const relay = storedRelay(object);
          if (relay) put(relay, isNewer);
        },
        deleted(object) {
          const relay = storedRelay(object);
          if (relay) remove(relay);
        },
      };
    },
  };
}

function textOf(relay: StoredRelay): string {
  return keyText(keyOf(relay));
}

function isDifferent(version: string, held: string): boolean {
  return version !== held;
}

function covers(namespace: string | undefined, { metadata }: StoredRelay): boolean {
  return namespace === undefined || metadata.namespace === namespace;
}
