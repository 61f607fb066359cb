// The relays that manifests declare, each with its status from the state directory. All that happens to one relay happens
// in turn, so that a status written by us and the same file seen by the watch never overtake one another.
import { rm } from 'node:fs/promises';
import { type Key, keyOf, keyText } from '../../api/resource.ts';
import type { SmtpRelayStatus } from '../../api/smtp-relay.ts';
import type { StoredRelay, WriteResult } from '../store.ts';
import type { DeclaredObject } from './declared-object.ts';
import type { Fingerprint } from './fingerprint.ts';
import { ioCode, ioWords } from './io-words.ts';
import { isStatus } from './is-status.ts';
import { readManifest } from './read-manifest.ts';
import { changedEntry, type KeptStatus, newEntry, type RelayEntry, storedRelay } from './relay-entry.ts';
import { createSerially } from './serially.ts';
import { parseStatusText, statusPath, statusText, textHash } from './status-file.ts';
import { writeAtomically } from './write-atomically.ts';

export interface RelayBookOptions {
  /** The directory of the status files. */
  readonly root: string;
  readonly fingerprint: Fingerprint;
  readonly now: () => number;
}

export interface RelayBook {
  keys(): readonly Key[];
  get(key: Key): StoredRelay | undefined;
  /** A relay is new or has another manifest. */
  declare(object: DeclaredObject): Promise<void>;
  /** A relay is gone; its status goes with it. Gives a sentence where the file cannot be removed. */
  remove(key: Key): Promise<string | undefined>;
  writeStatus(relay: StoredRelay, status: SmtpRelayStatus): Promise<WriteResult>;
  /** Looks at a status file that may have changed; whether someone else changed it. */
  statusFileChanged(key: Key): Promise<boolean>;
}

export function createRelayBook({ root, fingerprint, now }: RelayBookOptions): RelayBook {
  const entries = new Map<string, RelayEntry>();
  const stored = new Map<string, StoredRelay>();
  const serially = createSerially();

  const put = (key: Key, entry: RelayEntry) => {
    entries.set(keyText(key), entry);
    stored.set(keyText(key), storedRelay(entry));
  };

  async function declare(object: DeclaredObject): Promise<void> {
    const declaration = { declared: object, specVersion: fingerprint(object.manifest?.spec) };
    const entry = entries.get(keyText(object));
    if (entry) put(object, changedEntry(entry, declaration));
    else put(object, newEntry(declaration, await readKept(statusPath(root, object)), now()));
  }

  async function remove(key: Key): Promise<string | undefined> {
    entries.delete(keyText(key));
    stored.delete(keyText(key));
    return removeFile(statusPath(root, key));
  }

  async function writeStatus(key: Key, uid: string, status: SmtpRelayStatus): Promise<WriteResult> {
    const entry = entries.get(keyText(key));
    if (!entry || entry.record.uid !== uid) return { kind: 'gone' };
    const text = statusText({ namespace: key.namespace, name: key.name }, entry.record, status);
    const path = statusPath(root, key);
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
    const kept = await readKept(statusPath(root, key));
    if (kept.textHash === entry.textHash) return false;
    put(key, { ...entry, status: kept.status, textHash: kept.textHash });
    return true;
  }

  return {
    keys: () => [...stored.values()].map(keyOf),
    get: (key) => stored.get(keyText(key)),
    declare: (object) => serially(keyText(object), () => declare(object)),
    remove: (key) => serially(keyText(key), () => remove(key)),
    writeStatus(relay, status) {
      const key = keyOf(relay);
      return serially(keyText(key), () => writeStatus(key, relay.metadata.uid, status));
    },
    statusFileChanged: (key) => serially(keyText(key), () => statusFileChanged(key)),
  };
}

/** A status file that cannot be read counts as none: it is rewritten, and if that fails, the write says why. */
async function readKept(path: string): Promise<KeptStatus> {
  const read = await readManifest(path);
  if (read.kind === 'text') return parseStatusText(read.text, isStatus);
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
