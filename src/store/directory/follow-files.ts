// Turns changed files into changed relays: the manifests first, then the status files that others may have edited.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Key, keyText } from '../../api/resource.ts';
import type { ReferenceIndex } from '../reference-index.ts';
import type { Reference, StoreListener } from '../store.ts';
import type { DeclaredObject } from './declared-object.ts';
import { followTree, type TreeFollower } from './follow-tree.ts';
import { inBatches } from './in-batches.ts';
import { isManifestName } from './manifest-name.ts';
import type { ManifestSet } from './manifest-set.ts';
import type { IndexChange } from './object-index.ts';
import type { ProblemBoard } from './problem-board.ts';
import type { RelayBook } from './relay-book.ts';
import type { FileChange } from './settling.ts';
import { statusOwner } from './status-file.ts';

export interface FollowedFiles {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly pollInterval: number;
  readonly manifests: ManifestSet;
  readonly book: RelayBook;
  readonly references: ReferenceIndex;
  readonly board: ProblemBoard;
  readonly listener: StoreListener;
}

/** A changed file is read once it rested this long, or kept changing for the longer time. */
const times = { restMs: 150, longestMs: 700 };

/** Resolves, with the follower of the status files, once all files were read; then goes on until the signal aborts. */
export async function followFiles(store: FollowedFiles, signal: AbortSignal): Promise<TreeFollower> {
  const { directory, stateDirectory, pollInterval, board, listener } = store;
  const common = { ...times, pollInterval, clock: () => performance.now() };
  let treeProblems: ReadonlyMap<string, string> = new Map();
  await followTree(
    { ...common, root: directory, isFile: isManifestName, excluded: stateDirectory, lostRoot: 'keep' },
    {
      problems(problems) {
        treeProblems = problems;
        board.replace('tree', withPaths(problems));
      },
      changed: async (changes) => wake(listener, await manifestsChanged(store, changes)),
    },
    signal,
  );

  let first = true;
  const isOrphanKnown = () => first && treeProblems.size === 0 && store.manifests.isComplete();
  const statusFiles = await followTree(
    { ...common, root: join(stateDirectory, 'status'), isFile: isManifestName, lostRoot: 'gone' },
    {
      problems: (problems) => board.replace('status tree', withPaths(problems)),
      async changed(changes) {
        if (isOrphanKnown()) await removeOrphans(store, changes);
        wake(listener, await statusFilesChanged(store, changes));
      },
    },
    signal,
  );
  first = false;
  return statusFiles;
}

/** Each message names its path: it is read alone. */
function withPaths(problems: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...problems].map(([path, message]) => [path, `${path}: ${message}`]));
}

function wake(listener: StoreListener, keys: readonly Key[]): void {
  for (const key of new Map(keys.map((key) => [keyText(key), key])).values()) listener.relayChanged(key);
}

/** The relays that this concerns: their own manifest, or what they follow. */
async function manifestsChanged(store: FollowedFiles, changes: readonly FileChange[]): Promise<Key[]> {
  const { manifests, references, board } = store;
  const changed = await manifests.apply(changes);
  board.replace('manifests', manifests.problems());
  board.replaceWarnings('manifests', manifests.warnings());
  const relays = changed.filter(({ before, after }) => (after ?? before)?.kind === 'SmtpRelay');
  const failures = await inBatches(relays, 16, async (change) => relayChanged(store, change));
  board.replace('removed status', new Map(failures.flatMap((failure) => (failure ? [failure] : []))));
  return changed.flatMap(({ before, after }) => {
    const object = after ?? before;
    if (!object) return [];
    return isReference(object)
      ? references.relaysFollowing(object)
      : [{ namespace: object.namespace, name: object.name }];
  });
}

function isReference(object: DeclaredObject): object is DeclaredObject & Reference {
  return object.kind !== 'SmtpRelay';
}

async function relayChanged(
  { book }: FollowedFiles,
  { before, after }: IndexChange,
): Promise<[string, string] | undefined> {
  if (after) {
    await book.declare(after);
    return undefined;
  }
  if (!before) return undefined;
  const failure = await book.remove(before);
  return failure === undefined ? undefined : [`status of ${keyText(before)}`, failure];
}

async function statusFilesChanged(
  { book, stateDirectory }: FollowedFiles,
  changes: readonly FileChange[],
): Promise<Key[]> {
  const owners = changes.flatMap(({ path }) => statusOwner(join(stateDirectory, 'status'), path) ?? []);
  const byOthers = await inBatches(owners, 16, (key) => book.statusFileChanged(key));
  return owners.filter((_, position) => byOthers[position]);
}

/** Status files of relays that were removed while no operator ran. */
async function removeOrphans({ book, stateDirectory }: FollowedFiles, changes: readonly FileChange[]): Promise<void> {
  const owners = changes.flatMap(({ path }) => statusOwner(join(stateDirectory, 'status'), path) ?? []);
  await inBatches(
    owners.filter((key) => !book.get(key)),
    16,
    (key) => book.remove(key),
  );
}
