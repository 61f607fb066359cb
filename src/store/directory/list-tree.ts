// Walks a directory tree and says which files are there and how they look from outside (never what is in them).
// Links are followed; a directory reached twice, as by a loop, is entered once.
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inBatches } from './in-batches.ts';
import { ioCode, ioWords } from './io-words.ts';
import { isHiddenName } from './manifest-name.ts';

/** Changes when a file's content, or the right to read it, may have: times, size and identity. */
export type Stamp = string;

export interface TreeListing {
  readonly files: ReadonlyMap<string, Stamp>;
  /** Directories walked, with an identity that changes when another directory takes the path. */
  readonly directories: ReadonlyMap<string, string>;
  /** What could not be looked into, by path. Whether files are beneath such a directory is unknown. */
  readonly problems: ReadonlyMap<string, string>;
}

export interface TreeRules {
  readonly isFile: (name: string) => boolean;
  /** A directory that is not entered, by whatever path it is reached. */
  readonly excluded?: string;
  /** The walk ends at so many files, and says so. */
  readonly mostFiles?: number;
}

/** Enough for any set of manifests; a walk of a whole disk by mistake ends here. */
const defaultMostFiles = 20_000;
const deepest = 32;

export async function listTree(root: string, rules: TreeRules): Promise<TreeListing> {
  const walk: Walk = { root, rules, files: new Map(), directories: new Map(), problems: new Map(), entered: new Set() };
  const excluded = rules.excluded === undefined ? undefined : await lookAt(rules.excluded);
  if (excluded?.kind === 'directory') walk.entered.add(excluded.identity);
  await enter(root, 0, walk);
  return walk;
}

/** How one file looks; `absent`, `directory`, or why it cannot be a manifest. */
export type Look =
  | { readonly kind: 'file'; readonly stamp: Stamp }
  | { readonly kind: 'directory'; readonly identity: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly message: string };

export async function lookAt(path: string): Promise<Look> {
  try {
    const facts = await stat(path, { bigint: true });
    if (facts.isDirectory()) return { kind: 'directory', identity: `${facts.dev}:${facts.ino}` };
    if (!facts.isFile()) return { kind: 'unusable', message: 'It is no regular file and is left out.' };
    return { kind: 'file', stamp: `${facts.mtimeNs}:${facts.ctimeNs}:${facts.size}:${facts.dev}:${facts.ino}` };
  } catch (error) {
    if (ioCode(error) !== 'ENOENT') return { kind: 'unusable', message: `It cannot be read: ${ioWords(error)}.` };
    return (await isLink(path))
      ? { kind: 'unusable', message: 'It is a symbolic link to something that does not exist.' }
      : { kind: 'absent' };
  }
}

interface Walk {
  readonly root: string;
  readonly rules: TreeRules;
  readonly files: Map<string, Stamp>;
  readonly directories: Map<string, string>;
  readonly problems: Map<string, string>;
  readonly entered: Set<string>;
}

async function enter(path: string, depth: number, walk: Walk): Promise<void> {
  if (isFull(walk)) return tellFull(walk);
  const look = await lookAt(path);
  if (look.kind === 'unusable') walk.problems.set(path, look.message);
  if (look.kind === 'absent' && depth === 0) walk.problems.set(path, 'It does not exist.');
  if (look.kind === 'file' && depth === 0) walk.problems.set(path, 'It is no directory.');
  if (look.kind !== 'directory' || walk.entered.has(look.identity)) return;
  if (depth > deepest) {
    walk.problems.set(path, `It is more than ${deepest} directories deep and is not looked into.`);
    return;
  }
  walk.entered.add(look.identity);
  walk.directories.set(path, look.identity);
  await enterEach(await candidates(path, walk), depth, walk);
}

async function enterEach(paths: readonly Candidate[], depth: number, walk: Walk): Promise<void> {
  const looks = await inBatches(paths, 64, async ({ path }) => lookAt(path));
  for (const [position, { path, isFileName }] of paths.entries()) {
    const look = looks[position];
    if (look?.kind === 'directory') await enter(path, depth + 1, walk);
    else if (isFileName && look?.kind === 'file') addFile(path, look.stamp, walk);
    else if (isFileName && look?.kind === 'unusable') walk.problems.set(path, look.message);
  }
}

function addFile(path: string, stamp: Stamp, walk: Walk): void {
  if (isFull(walk)) tellFull(walk);
  else walk.files.set(path, stamp);
}

function tellFull({ root, files, problems }: Walk): void {
  problems.set(`${root} (number of files)`, `Only the first ${files.size} manifest files are read.`);
}

function isFull({ files, rules }: Walk): boolean {
  return files.size >= (rules.mostFiles ?? defaultMostFiles);
}

interface Candidate {
  readonly path: string;
  readonly isFileName: boolean;
}

/** In the order of their names, so that "the first" is the same on every machine. */
async function candidates(directory: string, walk: Walk): Promise<Candidate[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter(({ name }) => !isHiddenName(name))
      .map((entry) => ({ entry, isFileName: walk.rules.isFile(entry.name) }))
      .filter(({ entry, isFileName }) => isFileName || entry.isDirectory() || entry.isSymbolicLink())
      .sort((one, other) => (one.entry.name < other.entry.name ? -1 : 1))
      .map(({ entry, isFileName }) => ({ path: join(directory, entry.name), isFileName }));
  } catch (error) {
    walk.problems.set(directory, `It cannot be read: ${ioWords(error)}.`);
    return [];
  }
}

async function isLink(path: string): Promise<boolean> {
  const facts = await lstat(path).catch(() => undefined);
  return facts?.isSymbolicLink() ?? false;
}
