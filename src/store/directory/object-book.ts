// The relays, or the policies, that manifests declare, each with its status from the state directory. All that happens to
// one happens in turn, so that a status written by us and the same file seen by the watch never overtake one another.
import { rm } from 'node:fs/promises';
import { type Key, keyOf, keyText } from '../../api/resource.ts';
import { createSerially } from '../serially.ts';
import type { WriteResult } from '../store.ts';
import type { StoredObject } from '../stored-object.ts';
import type { DeclaredObject } from './declared-object.ts';
import type { Fingerprint } from './fingerprint.ts';
import { ioCode, ioWords } from './io-words.ts';
import { changedEntry, type KeptStatus, newEntry, type ObjectEntry, storedObject } from './object-entry.ts';
import type { OwnKind } from './own-kind.ts';
import { readManifest } from './read-manifest.ts';
import { parseStatusText, statusPath, statusText, textHash } from './status-file.ts';
import { writeAtomically } from './write-atomically.ts';

export interface ObjectBookOptions {
  /** The directory of the status files. */
  readonly root: string;
  readonly fingerprint: Fingerprint;
  readonly now: () => number;
  readonly readOnly: boolean;
}

export interface ObjectBook<Status> extends FollowedBook {
  keys(): readonly Key[];
  get(key: Key): StoredObject<Status> | undefined;
  writeStatus(object: StoredObject<Status>, status: Status): Promise<WriteResult>;
}

/** What of a book changes with the files, whatever its kind. */
export interface FollowedBook {
  has(key: Key): boolean;
  /** An object is new or has another manifest. */
  declare(object: DeclaredObject): Promise<void>;
  /** An object is gone; its status goes with it. Gives a sentence where the file cannot be removed. */
  remove(key: Key): Promise<string | undefined>;
  /** Looks at a status file that may have changed; whether someone else changed it. */
  statusFileChanged(key: Key): Promise<boolean>;
}

export function createObjectBook<Status>(own: OwnKind<Status>, options: ObjectBookOptions): ObjectBook<Status> {
  const { root, fingerprint, now, readOnly } = options;
  const entries = new Map<string, ObjectEntry<Status>>();
  const stored = new Map<string, StoredObject<Status>>();
  const serially = createSerially();
  const pathOf = ({ namespace, name }: Key) => statusPath(root, { kind: own.kind, namespace, name });

  const put = (key: Key, entry: ObjectEntry<Status>) => {
    entries.set(keyText(key), entry);
    stored.set(keyText(key), storedObject(entry));
  };

  async function declare(object: DeclaredObject): Promise<void> {
    const declaration = { declared: object, specVersion: fingerprint(object.manifest?.spec) };
    const entry = entries.get(keyText(object));
    if (entry) put(object, changedEntry(entry, declaration));
    else put(object, newEntry(declaration, await readKept(pathOf(object), own), now()));
  }

  async function remove(key: Key): Promise<string | undefined> {
    entries.delete(keyText(key));
    stored.delete(keyText(key));
    return readOnly ? undefined : removeFile(pathOf(key));
  }

  async function writeStatus(key: Key, uid: string, status: Status): Promise<WriteResult> {
    const entry = entries.get(keyText(key));
    if (!entry || entry.record.uid !== uid) return { kind: 'gone' };
    if (readOnly) return { kind: 'unavailable', message: `${root} was opened only to be read.` };
    const text = statusText(key, own, { record: entry.record, status });
    const path = pathOf(key);
    try {
      await writeAtomically(path, text, 0o644);
    } catch (error) {
      return { kind: 'unavailable', message: `${path} cannot be written: ${ioWords(error)}.` };
    }
    put(key, { ...entry, status, textHash: textHash(text) });
    return { kind: 'written' };
  }

  async function statusFileChanged(key: Key): Promise<boolean> {
    const entry = entries.get(keyText(key));
    if (!entry) return false;
    const kept = await readKept(pathOf(key), own);
    if (kept.textHash === entry.textHash) return false;
    put(key, { ...entry, status: kept.status, textHash: kept.textHash });
    return true;
  }

  return {
    keys: () => [...stored.values()].map(keyOf),
    get: (key) => stored.get(keyText(key)),
    has: (key) => stored.has(keyText(key)),
    declare: (object) => serially(keyText(object), () => declare(object)),
    remove: (key) => serially(keyText(key), () => remove(key)),
    writeStatus(object, status) {
      const key = keyOf(object);
      return serially(keyText(key), () => writeStatus(key, object.metadata.uid, status));
    },
    statusFileChanged: (key) => serially(keyText(key), () => statusFileChanged(key)),
  };
}

/** A status file that cannot be read counts as none: it is rewritten, and if that fails, the write says why. */
async function readKept<Status>(path: string, own: OwnKind<Status>): Promise<KeptStatus<Status>> {
  const read = await readManifest(path);
  if (read.kind === 'text') return parseStatusText(read.text, own);
  return { record: undefined, status: undefined, textHash: undefined };
}

async function removeFile(path: string): Promise<string | undefined> {
  try {
    await rm(path);
    return undefined;
  } catch (error) {
    return ioCode(error) === 'ENOENT' ? undefined : `${path} cannot be removed: ${ioWords(error)}.`;
  }
}
