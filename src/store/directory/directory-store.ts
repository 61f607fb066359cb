// The store without a cluster: resources are YAML files in a directory, each relay's and policy's status goes into a
// state directory.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createPasswordMark } from '../password-mark.ts';
import { createFingerprint, loadKey } from './fingerprint.ts';
import { loadFirstSeen } from './first-seen.ts';
import { ioWords } from './io-words.ts';
import { makeDirectory } from './make-directory.ts';
import { type DirectoryStore, openStore } from './open-store.ts';
import { type LockResult, lockState } from './state-lock.ts';
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
  /** Beside an operator that runs: takes no lock, and changes nothing in the state directory. */
  readonly readOnly?: boolean;
}

export type DirectoryStoreResult =
  | { readonly kind: 'opened'; readonly store: DirectoryStore }
  /** A sentence that names the directory and says what to do. */
  | { readonly kind: 'failed'; readonly message: string };

/** Takes the state directory's lock, unless read-only; it is released when the signal given to the store's first start aborts. */
export async function createDirectoryStore(options: DirectoryStoreOptions): Promise<DirectoryStoreResult> {
  const { directory, stateDirectory, namespace = 'default', pollInterval = 500, now, readOnly = false } = options;
  const missing = await directoryMissing(directory);
  if (missing) return { kind: 'failed', message: missing };
  try {
    const locked = readOnly ? unlocked : await prepareState(stateDirectory, now);
    if (locked.kind === 'failed') return locked;
    const key = await loadKey(join(stateDirectory, 'key'), { keep: !readOnly });
    const declarations = { namespace, fingerprint: createFingerprint(key), mark: createPasswordMark(key) };
    const seen = await loadFirstSeen(join(stateDirectory, 'accounts.jsonl'), { now, readOnly });
    const { lock } = locked;
    return {
      kind: 'opened',
      store: openStore({
        ...declarations,
        directory,
        stateDirectory,
        pollInterval,
        now,
        seen,
        firstSeen: seen.of,
        lock,
      }),
    };
  } catch (error) {
    const message = `The state directory ${stateDirectory} cannot be used: ${ioWords(error)}. Give a writable one with --state.`;
    return { kind: 'failed', message };
  }
}

const unlocked = { kind: 'locked', lock: undefined } as const;

async function prepareState(stateDirectory: string, now: () => number): Promise<LockResult> {
  await makeDirectory(join(stateDirectory, 'status'));
  // It often lies within a checkout, and holds a key.
  await writeAtomically(join(stateDirectory, '.gitignore'), '*\n', 0o644);
  return lockState(stateDirectory, now);
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
