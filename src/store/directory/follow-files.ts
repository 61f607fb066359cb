// Turns changed files into changed relays, policies and accounts: the manifests first, then the status files that others
// may have edited.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Key, keyText } from '../../api/resource.ts';
import type { ReferenceIndex } from '../reference-index.ts';
import type { Reference } from '../store.ts';
import { type DeclaredObject, isOwnKind, type OwnKindName } from './declared-object.ts';
import type { FirstSeen } from './first-seen.ts';
import { followTree, type TreeFollower } from './follow-tree.ts';
import { inBatches } from './in-batches.ts';
import { isManifestName } from './manifest-name.ts';
import type { ManifestSet } from './manifest-set.ts';
import type { FollowedBook } from './object-book.ts';
import { type IndexChange, objectText } from './object-index.ts';
import type { ProblemBoard } from './problem-board.ts';
import type { FileChange } from './settling.ts';
import { type StatusOwner, statusOwner } from './status-file.ts';

export interface FollowedFiles {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly pollInterval: number;
  /** Then there may be no state directory yet. */
  readonly readOnly: boolean;
  readonly manifests: ManifestSet;
  readonly books: Readonly<Record<OwnKindName, FollowedBook>>;
  readonly firstSeen: FirstSeen;
  readonly references: { readonly relays: ReferenceIndex; readonly policies: ReferenceIndex };
  readonly board: ProblemBoard;
  readonly changed: (change: Changed, key: Key) => void;
  /** After all files were read, and whenever some were read anew. */
  readonly manifestsRead: () => void;
}

export type Changed = 'relay' | 'policy' | 'account';

/** A changed file is read once it rested this long, or kept changing for the longer time. */
const times = { restMs: 150, longestMs: 700 };

/** Resolves, with the follower of the status files, once all files were read; then goes on until the signal aborts. */
export async function followFiles(store: FollowedFiles, signal: AbortSignal): Promise<TreeFollower> {
  const { directory, stateDirectory, pollInterval, board } = store;
  const common = { ...times, pollInterval, clock: () => performance.now() };
  let isFollowed = false;
  let treeProblems: ReadonlyMap<string, string> = new Map();
  await followTree(
    { ...common, root: directory, isFile: isManifestName, excluded: stateDirectory, lostRoot: 'keep' },
    {
      problems(problems) {
        treeProblems = problems;
        board.replace('tree', withPaths(problems));
      },
      async changed(changes) {
        tell(store, await manifestsChanged(store, changes));
        if (isFollowed) store.manifestsRead();
      },
    },
    signal,
  );
  isFollowed = true;
  store.manifestsRead();

  let first = true;
  const isAllKnown = () => treeProblems.size === 0 && store.manifests.isComplete();
  if (isAllKnown()) await retainAccounts(store);
  const root = join(stateDirectory, 'status');
  const statusFiles = await followTree(
    { ...common, root, isFile: isManifestName, lostRoot: 'gone' },
    {
      problems(problems) {
        const told = [...problems].filter(([path]) => !store.readOnly || path !== root);
        board.replace('status tree', withPaths(new Map(told)));
      },
      async changed(changes) {
        if (first && isAllKnown()) await removeOrphans(store, changes);
        tell(store, await statusFilesChanged(store, changes));
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

interface Change {
  readonly what: Changed;
  readonly key: Key;
}

/** Each once. */
function tell({ changed }: FollowedFiles, changes: readonly Change[]): void {
  const once = new Map(changes.map((change) => [`${change.what} ${keyText(change.key)}`, change]));
  for (const { what, key } of once.values()) changed(what, key);
}

/** Whom this concerns: relays and policies by their own manifest or by what they follow, accounts. */
async function manifestsChanged(store: FollowedFiles, changes: readonly FileChange[]): Promise<Change[]> {
  const { manifests, board } = store;
  const changed = await manifests.apply(changes);
  board.replace('manifests', manifests.problems());
  board.replaceWarnings('manifests', manifests.warnings());
  const failures = await inBatches(changed, 16, async (change) => bookChange(store, change));
  board.replace('removed status', new Map(failures.flatMap((failure) => (failure ? [failure] : []))));
  for (const { before, after } of changed) if (isAccount(before) && !isAccount(after)) store.firstSeen.forget(before);
  await saveAccounts(store);
  return changed.flatMap((change) => concerned(store, change));
}

function concerned({ references }: FollowedFiles, { before, after }: IndexChange): Change[] {
  const object = after ?? before;
  if (!object) return [];
  const key = { namespace: object.namespace, name: object.name };
  if (!isReference(object)) return [{ what: object.kind === 'SmtpRelay' ? 'relay' : 'policy', key }];
  const followers = [
    ...references.relays.followersOf(object).map((relay): Change => ({ what: 'relay', key: relay })),
    ...references.policies.followersOf(object).map((policy): Change => ({ what: 'policy', key: policy })),
  ];
  return isAccount(before) || isAccount(after) ? [...followers, { what: 'account', key }] : followers;
}

function isReference(object: DeclaredObject): object is DeclaredObject & Reference {
  return !isOwnKind(object.kind);
}

function isAccount(object: DeclaredObject | undefined): object is DeclaredObject {
  return object?.subject?.kind === 'account';
}

async function bookChange(
  { books }: FollowedFiles,
  { before, after }: IndexChange,
): Promise<[string, string] | undefined> {
  const object = after ?? before;
  if (!object || !isOwnKind(object.kind)) return undefined;
  if (after) {
    await books[object.kind].declare(after);
    return undefined;
  }
  const failure = await books[object.kind].remove(object);
  return failure === undefined ? undefined : [`status of ${objectText(object)}`, failure];
}

async function statusFilesChanged(
  { books, stateDirectory }: FollowedFiles,
  changes: readonly FileChange[],
): Promise<Change[]> {
  const owners = ownersOf(stateDirectory, changes);
  const byOthers = await inBatches(owners, 16, (owner) => books[owner.kind].statusFileChanged(owner));
  return owners
    .filter((_, position) => byOthers[position])
    .map(({ kind, ...key }) => ({ what: kind === 'SmtpRelay' ? 'relay' : 'policy', key }));
}

/** Status files of what was removed while no operator ran. */
async function removeOrphans({ books, stateDirectory }: FollowedFiles, changes: readonly FileChange[]): Promise<void> {
  const orphans = ownersOf(stateDirectory, changes).filter((owner) => !books[owner.kind].has(owner));
  await inBatches(orphans, 16, (owner) => books[owner.kind].remove(owner));
}

function ownersOf(stateDirectory: string, changes: readonly FileChange[]): StatusOwner[] {
  return changes.flatMap(({ path }) => statusOwner(join(stateDirectory, 'status'), path) ?? []);
}

/** Accounts that were removed while no operator ran. */
async function retainAccounts(store: FollowedFiles): Promise<void> {
  store.firstSeen.retain([...store.manifests.objects()].filter(isAccount));
  await saveAccounts(store);
}

async function saveAccounts({ firstSeen, board }: FollowedFiles): Promise<void> {
  const problem = await firstSeen.save();
  board.replace('accounts', problem === undefined ? new Map() : new Map([['accounts first seen', problem]]));
}
