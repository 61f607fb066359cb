// A directory store with its directories, and all that it tells written down; it ends with the test.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { keyText } from '../../../src/api/resource.ts';
import { createDirectoryStore } from '../../../src/store/directory/directory-store.ts';
import type { Store, StoredRelay } from '../../../src/store/store.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface Folders {
  readonly directory: string;
  readonly stateDirectory: string;
}

export interface OpenedStore extends Folders {
  readonly store: Store;
  /** `mail/corporate` for each relay told since the start. */
  readonly woken: string[];
  /** Problems that are open now, by subject. */
  readonly problems: ReadonlyMap<string, string>;
  readonly end: () => void;
  get(name: string): StoredRelay | undefined;
  host(name: string): unknown;
  write(name: string, text: string): string;
  readState(name: string): string;
}

export function newFolders(): Folders {
  return { directory: temporaryDirectory(), stateDirectory: temporaryDirectory() };
}

export async function openedStore(folders: Folders = newFolders(), pollInterval = 200): Promise<OpenedStore> {
  const opened = await createDirectoryStore({ ...folders, pollInterval, now: Date.now });
  if (opened.kind === 'failed') throw new Error(opened.message);
  const { store } = opened;
  const woken: string[] = [];
  const problems = new Map<string, string>();
  const end = new AbortController();
  onTestFinished(() => end.abort());
  await store.start(
    {
      relayChanged: (key) => void woken.push(keyText(key)),
      problem({ subject, message, warning = false }) {
        if (message === undefined) problems.delete(subject);
        else problems.set(subject, warning ? `warning: ${message}` : message);
      },
    },
    end.signal,
  );
  woken.length = 0;
  const get = (name: string) => store.get({ namespace: 'mail', name });
  return {
    ...folders,
    store,
    woken,
    problems,
    end: () => end.abort(),
    get,
    host: (name) => (get(name)?.manifest as { spec?: { host?: unknown } } | undefined)?.spec?.host,
    write: (name, text) => writeFile(folders.directory, name, text),
    readState: (name) => readFileSync(join(folders.stateDirectory, name), 'utf8'),
  };
}

/** Gives the file's path. */
export function writeFile(directory: string, name: string, text: string): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

export function relayText(name: string, host = `${name}.example.com`): string {
  return `apiVersion: relaykeeper.dev/v1alpha1
kind: SmtpRelay
metadata:
  name: ${name}
  namespace: mail
spec:
  host: ${host}
`;
}

export function secretText(name: string, password: string): string {
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: mail
type: kubernetes.io/basic-auth
stringData:
  username: user
  password: ${password}
`;
}
