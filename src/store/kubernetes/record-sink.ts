// Tells of records in the order of their versions, from the watch and from our own writes alike: a write answers before
// the watch tells of it, and what the watch tells late must not undo it.
import type { RecordListener } from '../records.ts';
import { metadataOf, textOf } from './json.ts';
import { isNewer } from './resource-version.ts';
import { headOf } from './secret-record.ts';
import type { Sink } from './sink.ts';

export interface RecordSink extends Sink {
  /** What our own write answered. */
  written(object: unknown): void;
  /** We removed it, as far as we knew it. */
  removed(name: string): void;
}

interface Identity {
  readonly name: string;
  readonly uid: string;
  readonly version: string;
}

export function createRecordSink(listener: RecordListener): RecordSink {
  const known = new Map<string, Identity>();
  /** Removed by us, while the watch may still tell of earlier changes. */
  const removedUids = new Set<string>();
  let removedBeforeList: string[] = [];
  let listed = new Set<string>();
  let writtenSinceList = new Set<string>();

  const put = (object: unknown, mayReplace: (version: string, held: string) => boolean) => {
    const seen = identityOf(object);
    const held = known.get(seen.name);
    if (removedUids.has(seen.uid) || (held && !mayReplace(seen.version, held.version))) return;
    known.set(seen.name, seen);
    listener.changed(headOf(object));
  };
  const forget = (name: string) => {
    if (known.delete(name)) listener.gone(name);
  };

  return {
    listStarted() {
      listed = new Set();
      writtenSinceList = new Set();
      removedBeforeList = [...removedUids];
    },
    listed(objects) {
      for (const object of objects) {
        const { name } = identityOf(object);
        listed.add(name);
        // A list is the truth, older or not: a cluster restored from a backup goes back. Unless we wrote since it was asked for.
        put(object, writtenSinceList.has(name) ? isNewer : isDifferent);
      }
    },
    listComplete() {
      for (const name of [...known.keys()]) if (!listed.has(name) && !writtenSinceList.has(name)) forget(name);
      for (const uid of removedBeforeList) removedUids.delete(uid);
      listed = new Set();
    },
    changed: (object) => put(object, isNewer),
    deleted(object) {
      const { name, uid, version } = identityOf(object);
      removedUids.delete(uid);
      const held = known.get(name);
      // One of the same name may have been made since.
      if (held && !isNewer(held.version, version)) forget(name);
    },
    written(object) {
      writtenSinceList.add(identityOf(object).name);
      put(object, isNewer);
    },
    removed(name) {
      const held = known.get(name);
      if (held) removedUids.add(held.uid);
      forget(name);
    },
  };
}

function identityOf(object: unknown): Identity {
  const { name, uid, resourceVersion } = metadataOf(object);
  return { name: textOf(name), uid: textOf(uid), version: textOf(resourceVersion) };
}

function isDifferent(version: string, held: string): boolean {
  return version !== held;
}
