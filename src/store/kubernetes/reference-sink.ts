// What a watch over Secrets or ConfigMaps means to the relays that follow some of them. Of the others nothing is kept.
import { referenceText } from '../reference-index.ts';
import type { Reference } from '../store.ts';
import { metadataOf, textOf } from './json.ts';
import { isNewer } from './resource-version.ts';
import type { Sink } from './sink.ts';

/** By `referenceText`. */
export type SeenVersions = Map<string, { readonly reference: Reference; readonly version: string }>;

interface ReferenceSinkOptions {
  readonly kind: Reference['kind'];
  readonly covers: (reference: Reference) => boolean;
  /** What the last read or event saw of what is followed. Shared by all sinks. */
  readonly versions: SeenVersions;
  readonly isFollowed: (reference: Reference) => boolean;
  readonly wakeFollowers: (reference: Reference) => void;
}

export function referenceSink(options: ReferenceSinkOptions): Sink {
  const { versions, isFollowed, wakeFollowers } = options;
  let listed = new Set<string>();

  const put = (object: unknown, mayReplace: (version: string, held: string) => boolean) => {
    const { reference, version } = identify(options.kind, object);
    if (!isFollowed(reference)) return undefined;
    const text = referenceText(reference);
    const held = versions.get(text);
    if (held === undefined || mayReplace(version, held.version)) {
      versions.set(text, { reference, version });
      wakeFollowers(reference);
    }
    return text;
  };
  const remove = (reference: Reference) => {
    versions.delete(referenceText(reference));
    wakeFollowers(reference);
  };

  return {
    listStarted: () => {
      listed = new Set();
    },
    listed(objects) {
      for (const object of objects) {
        const text = put(object, (version, held) => version !== held);
        if (text !== undefined) listed.add(text);
      }
    },
    listComplete() {
      for (const [text, { reference }] of [...versions]) {
        if (reference.kind === options.kind && options.covers(reference) && !listed.has(text)) remove(reference);
      }
      listed = new Set();
    },
    changed: (object) => {
      put(object, isNewer);
    },
    deleted: (object) => remove(identify(options.kind, object).reference),
  };
}

function identify(kind: Reference['kind'], object: unknown): { reference: Reference; version: string } {
  const { name, namespace, resourceVersion } = metadataOf(object);
  return { reference: { kind, namespace: textOf(namespace), name: textOf(name) }, version: textOf(resourceVersion) };
}
