// What is kept of the objects of one kind, as last seen. Several reflectors, one a namespace, fill one cache. A watch
// never puts back what is older than what the cache holds: our own status write answers before the watch tells of it.
import type { Key } from '../../api/resource.ts';
import { metadataOf, textOf } from './json.ts';
import { isNewer } from './resource-version.ts';
import type { Sink } from './sink.ts';

export interface ObjectCache<Item> {
  list(): readonly Key[];
  get(key: Key): Item | undefined;
  inNamespace(namespace: string): readonly Item[];
  /** What a write answered; ignored for an object that has gone meanwhile. Wakes nobody: the writer knows. */
  written(object: unknown): void;
  /** For the reflector of one namespace, or of all. */
  sink(namespace: string | undefined): Sink;
}

export interface ObjectCacheOptions<Item> {
  /** What is kept of an object; undefined: nothing. */
  readonly read: (object: unknown) => Item | undefined;
  /** Tells an object from another of its name; needed only for what is written. */
  readonly uidOf?: (item: Item) => string;
  readonly changed: (key: Key) => void;
}

interface Held<Item> {
  readonly version: string;
  readonly item: Item;
}

export function createObjectCache<Item>({ read, uidOf, changed }: ObjectCacheOptions<Item>): ObjectCache<Item> {
  const held = createHeld<Held<Item>>();
  const onWritten: ((key: Key) => void)[] = [];

  const put = (object: unknown, mayReplace: (key: Key) => (version: string, held: string) => boolean) => {
    const item = read(object);
    if (item === undefined) return undefined;
    const { key, version } = identityOf(object);
    const before = held.get(key);
    if (before && !mayReplace(key)(version, before.version)) return key;
    held.set(key, { version, item });
    changed(key);
    return key;
  };
  const remove = (key: Key) => {
    if (held.delete(key)) changed(key);
  };

  return {
    list: () => held.keys(undefined),
    get: (key) => held.get(key)?.item,
    inNamespace: (namespace) => held.in(namespace).map(({ item }) => item),
    written(object) {
      const item = read(object);
      const { key, version } = identityOf(object);
      const before = held.get(key);
      if (item === undefined || !before || uidOf?.(item) !== uidOf?.(before.item)) return;
      if (!isNewer(version, before.version)) return;
      held.set(key, { version, item });
      for (const tell of onWritten) tell(key);
    },
    sink(namespace) {
      let listed = createHeld<true>();
      let writtenSince = createHeld<true>();
      onWritten.push((key) => writtenSince.set(key, true));
      const forget = () => {
        listed = createHeld();
        writtenSince = createHeld();
      };
      return {
        listStarted: forget,
        listed(objects) {
          for (const object of objects) {
            // A list is the truth, older or not: a cluster restored from a backup goes back. Unless we wrote since it was asked for.
            const key = put(object, (seen) => (writtenSince.get(seen) ? isNewer : isDifferent));
            if (key) listed.set(key, true);
          }
        },
        listComplete() {
          for (const key of held.keys(namespace)) if (!listed.get(key)) remove(key);
          forget();
        },
        changed(object) {
          put(object, () => isNewer);
        },
        deleted: (object) => remove(identityOf(object).key),
      };
    },
  };
}

function identityOf(object: unknown): { key: Key; version: string } {
  const { name, namespace, resourceVersion } = metadataOf(object);
  return { key: { namespace: textOf(namespace), name: textOf(name) }, version: textOf(resourceVersion) };
}

function isDifferent(version: string, held: string): boolean {
  return version !== held;
}

/** Values by namespace and name: of a hundred thousand objects in few namespaces each namespace's text is kept once. */
function createHeld<Value>() {
  const namespaces = new Map<string, Map<string, Value>>();
  const keysIn = (namespace: string): Key[] =>
    [...(namespaces.get(namespace)?.keys() ?? [])].map((name) => ({ namespace, name }));

  return {
    get: ({ namespace, name }: Key) => namespaces.get(namespace)?.get(name),
    in: (namespace: string) => [...(namespaces.get(namespace)?.values() ?? [])],
    /** Of one namespace, or of all. */
    keys: (namespace: string | undefined) =>
      namespace === undefined ? [...namespaces.keys()].flatMap(keysIn) : keysIn(namespace),
    set({ namespace, name }: Key, value: Value) {
      const values = namespaces.get(namespace);
      if (values) values.set(name, value);
      else namespaces.set(namespace, new Map([[name, value]]));
    },
    delete({ namespace, name }: Key): boolean {
      const values = namespaces.get(namespace);
      const deleted = values?.delete(name) ?? false;
      if (values?.size === 0) namespaces.delete(namespace);
      return deleted;
    },
  };
}
