// The store without a cluster: resources are YAML files in a directory, each relay's status goes into a state directory.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../store.ts';
import { createFingerprint, loadKey } from './fingerprint.ts';
import { ioWords } from './io-words.ts';
import { makeDirectory } from './make-directory.ts';
import { openStore } from './open-store.ts';
import { lockState } from './state-lock.ts';
import { writeAtomically } from './write-atomically.ts';

export interface DirectoryStoreOptions {
  /** Where the manifests are; read, never written. */
  readonly directory: string;
  /** Where status, lock, key and event log are kept; made where missing. It may lie inside `directory`. */
  readonly stateDirectory: string;
  /** Of objects that name none; absent: `default`. */
  readonly namespace?: string;
  /** Milliseconds between looks at the files, beside the system's change events; absent: 500. */
  readonly pollInterval?: number;
  readonly now: () => number;
}

export type DirectoryStoreResult =
  | { readonly kind: 'opened'; readonly store: Store }
  /** A sentence that names the directory and says what to do. */
  | { readonly kind: 'failed'; readonly message: string };

/** Takes the state directory's lock; it is released when the signal given to the store's `start` aborts. */
export async function createDirectoryStore(options: DirectoryStoreOptions): Promise<DirectoryStoreResult> {
  const { directory, stateDirectory, namespace = 'default', pollInterval = 500, now } = options;
  const missing = await directoryMissing(directory);
  if (missing) return { kind: 'failed', message: missing };
  try {
    await makeDirectory(join(stateDirectory, 'status'));
    // It often lies within a checkout, and holds a key.
    await writeAtomically(join(stateDirectory, '.gitignore'), '*\n', 0o644);
    const locked = await lockState(stateDirectory, now);
    if (locked.kind === 'failed') return locked;
    const fingerprint = createFingerprint(await loadKey(join(stateDirectory, 'key')));
    const { lock } = locked;
    return {
      kind: 'opened',
      store: openStore({ directory, stateDirectory, namespace, pollInterval, now, fingerprint, lock }),
    };
  } catch (error) {
    const message = `The state directory ${stateDirectory} cannot be used: ${ioWords(error)}. Give a writable one with --state.`;
    return { kind: 'failed', message };
  }
}

async function directoryMissing(directory: string): Promise<string | undefined> {
  try {
    const facts = await stat(directory);
    return facts.isDirectory()
      ? undefined
      : `${directory} is no directory. Give the directory that holds the manifests.`;
  } catch (error) {
    return `The directory ${directory} cannot be read: ${ioWords(error)}.`;
  }
}
