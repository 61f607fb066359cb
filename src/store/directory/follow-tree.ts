// Follows a tree of files: tells what changed once it rests. The system's change events make it quick; a regular look
// makes it right where there are none (network mounts, limits used up). A look never takes more than a few percent of
// the time, however large the tree is.
import { basename, dirname, join } from 'node:path';
import { createDirectoryWatchers } from './directory-watchers.ts';
import { listTree, lookAt, type TreeListing, type TreeRules } from './list-tree.ts';
import { isHiddenName } from './manifest-name.ts';
import { createSettling, type FileChange, type Settling, type SettlingTimes } from './settling.ts';
import { createWake } from './wake.ts';

export interface FollowedTree extends TreeRules, SettlingTimes {
  readonly root: string;
  /** Milliseconds between regular looks. */
  readonly pollInterval: number;
  /** A root that cannot be listed: its files count as they last were, or as gone. */
  readonly lostRoot: 'keep' | 'gone';
  /** Monotonic milliseconds. */
  readonly clock: () => number;
}

export interface TreeListener {
  /** Called for one batch after another; the first has all files there are. */
  readonly changed: (changes: readonly FileChange[]) => Promise<void>;
  /** All that cannot be looked into at present, by path. */
  readonly problems: (problems: ReadonlyMap<string, string>) => void;
}

export interface TreeFollower {
  /** A file was just written here: it will be told as changed, or as gone where someone removed it at once. */
  written(path: string): void;
}

/** Resolves once the first batch was taken; then goes on until the signal aborts. */
export async function followTree(
  tree: FollowedTree,
  listener: TreeListener,
  signal: AbortSignal,
): Promise<TreeFollower> {
  const follower = createFollower(tree, listener, signal);
  await follower.lookAtAll();
  await follower.deliver(Number.POSITIVE_INFINITY);
  void follower.run();
  return { written: follower.written };
}

/** Events come in bursts; this long they are gathered. */
const gatherMs = 20;

function createFollower(tree: FollowedTree, listener: TreeListener, signal: AbortSignal) {
  const settling = createSettling(tree);
  const wake = createWake(signal);
  const hinted = new Set<string>();
  let problems: ReadonlyMap<string, string> = new Map();
  let allDue = Number.NEGATIVE_INFINITY;
  let earliest = Number.NEGATIVE_INFINITY;

  const watchers = createDirectoryWatchers((directory, name) => {
    if (name !== undefined && tree.isFile(name)) hinted.add(join(directory, name));
    else if (name === undefined || !isHiddenName(name) || name === '..data') allDue = earliest;
    else return;
    wake.wake();
  });
  signal.addEventListener('abort', () => watchers.close(), { once: true });

  async function lookAtAll(): Promise<void> {
    const started = tree.clock();
    const listing = await listTree(tree.root, tree);
    const ended = tree.clock();
    if (signal.aborted) return;
    earliest = ended + 4 * (ended - started);
    allDue = ended + Math.max(tree.pollInterval, 40 * (ended - started));
    hinted.clear();
    observeAll(listing, { tree, settling, now: ended });
    // What was written after a directory was listed and before it was watched is found by looking once more.
    if (watchers.watchOnly(listing.directories)) allDue = earliest;
    problems = withWatchProblem(listing.problems, tree.root, watchers.problem());
    listener.problems(problems);
  }

  async function lookAtHinted(): Promise<void> {
    const paths = [...hinted];
    hinted.clear();
    for (const path of paths) {
      const look = await lookAt(path);
      if (look.kind === 'file') settling.observe(path, look.stamp, tree.clock());
      else if (look.kind === 'absent') settling.observe(path, undefined, tree.clock());
      if (look.kind === 'directory' || look.kind === 'unusable' || problems.has(path)) allDue = earliest;
    }
  }

  async function deliver(now: number): Promise<void> {
    const changes = settling.take(now);
    if (changes.length > 0 && !signal.aborted) await listener.changed(changes);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const next = Math.min(settling.nextRest() ?? allDue, allDue);
      await wake.sleep(Math.max(1, next - tree.clock()));
      if (hinted.size > 0) await wake.pause(gatherMs);
      if (tree.clock() >= allDue) await lookAtAll();
      else await lookAtHinted();
      await deliver(tree.clock());
    }
  }

  return { lookAtAll, deliver, run, written: settling.assume };
}

function observeAll(
  { files, problems }: TreeListing,
  { tree, settling, now }: { tree: FollowedTree; settling: Settling; now: number },
): void {
  const unknown = new Set(problems.keys());
  if (tree.lostRoot === 'gone') unknown.delete(tree.root);
  for (const [path, stamp] of files) settling.observe(path, stamp, now);
  for (const path of settling.known()) {
    if (!files.has(path) && !isWithin(path, unknown)) settling.observe(path, undefined, now);
  }
}

/** Whether the path, or a directory above it, is among these. */
function isWithin(path: string, these: ReadonlySet<string>): boolean {
  if (these.size === 0) return false;
  for (let at = path; ; at = dirname(at)) {
    if (these.has(at)) return true;
    if (basename(at) === '' || at === '.') return false;
  }
}

function withWatchProblem(
  problems: ReadonlyMap<string, string>,
  root: string,
  problem: string | undefined,
): ReadonlyMap<string, string> {
  return problem === undefined ? problems : new Map([...problems, [`watch ${root}`, problem]]);
}
