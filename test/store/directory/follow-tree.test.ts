import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FollowedTree, followTree } from '../../../src/store/directory/follow-tree.ts';
import { isManifestName } from '../../../src/store/directory/manifest-name.ts';
import { eventually } from '../eventually.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The tree as it was told, by relative path; what was told and is gone again is not in it. */
async function followed(root: string, rules: Partial<FollowedTree> = {}) {
  const seen = new Set<string>();
  const told: string[] = [];
  let problems: ReadonlyMap<string, string> = new Map();
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const tree: FollowedTree = {
    root,
    isFile: isManifestName,
    restMs: 50,
    longestMs: 500,
    pollInterval: 60_000,
    lostRoot: 'keep',
    clock: () => performance.now(),
    ...rules,
  };
  const listener = {
    async changed(changes: readonly { path: string; stamp: string | undefined }[]) {
      for (const { path, stamp } of changes) {
        const name = relative(root, path);
        told.push(name);
        if (stamp === undefined) seen.delete(name);
        else seen.add(name);
      }
    },
    problems(open: ReadonlyMap<string, string>) {
      problems = open;
    },
  };
  await followTree(tree, listener, end.signal);
  return { seen, told, end, problems: () => problems };
}

function write(root: string, name: string, text = name): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

// Each case by the system's change events alone (no look but the first), and by regular looks alone.
describe.each([
  ['by events', { pollInterval: 60_000 }],
  ['by looking', { pollInterval: 50 }],
])('%s', (_name, rules) => {
  test('all files are told before it resolves', async () => {
    const root = temporaryDirectory();
    write(root, 'a.yaml');
    write(root, 'b/c.yaml');
    expect((await followed(root, rules)).seen).toEqual(new Set(['a.yaml', 'b/c.yaml']));
  });

  test('an added, a changed and a removed file are told, the others not again', async () => {
    const root = temporaryDirectory();
    write(root, 'still.yaml');
    write(root, 'changed.yaml');
    write(root, 'removed.yaml');
    const { seen, told } = await followed(root, rules);
    told.length = 0;
    write(root, 'added.yaml');
    write(root, 'changed.yaml', 'longer than before');
    rmSync(join(root, 'removed.yaml'));
    await eventually('all three', () => told.length >= 3);
    expect(seen).toEqual(new Set(['still.yaml', 'changed.yaml', 'added.yaml']));
    expect(told.sort()).toEqual(['added.yaml', 'changed.yaml', 'removed.yaml']);
  });

  test('a new folder with files and folders in it is followed too', async () => {
    const root = temporaryDirectory();
    const { seen } = await followed(root, rules);
    write(root, 'new/deeper/a.yaml');
    await eventually('the file', () => seen.has('new/deeper/a.yaml'));
    write(root, 'new/deeper/b.yaml');
    await eventually('the later file', () => seen.has('new/deeper/b.yaml'));
    rmSync(join(root, 'new'), { recursive: true });
    await eventually('their going', () => seen.size === 0);
  });

  test('a swap of ..data is told', async () => {
    const root = temporaryDirectory();
    write(root, '..1/x.yaml');
    write(root, '..2/x.yaml', 'other');
    symlinkSync('..1', join(root, '..data'));
    symlinkSync('..data/x.yaml', join(root, 'x.yaml'));
    const { told } = await followed(root, rules);
    expect(told).toEqual(['x.yaml']);
    symlinkSync('..2', join(root, '..data_tmp'));
    renameSync(join(root, '..data_tmp'), join(root, '..data'));
    await eventually('the swap', () => told.length === 2);
  });
});

describe('a root that is lost', () => {
  test('keeps its files and says so, and is followed again once it is back', async () => {
    const root = join(temporaryDirectory(), 'root');
    write(root, 'a.yaml');
    const { seen, problems } = await followed(root, { pollInterval: 50 });
    renameSync(root, `${root}-moved`);
    await eventually('the problem', () => problems().get(root) === 'It does not exist.');
    expect(seen).toEqual(new Set(['a.yaml']));
    write(root, 'b.yaml');
    await eventually('the new files', () => seen.has('b.yaml') && !seen.has('a.yaml'));
    expect(problems().size).toBe(0);
  });

  test('has no files any more where its owner says so', async () => {
    const root = join(temporaryDirectory(), 'root');
    write(root, 'a.yaml');
    const { seen } = await followed(root, { pollInterval: 50, lostRoot: 'gone' });
    rmSync(root, { recursive: true });
    await eventually('their going', () => seen.size === 0);
  });
});

test('nothing is told after the abort, and nothing keeps the process alive', async () => {
  const root = temporaryDirectory();
  const before = process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;
  const { told, end } = await followed(root, { pollInterval: 20 });
  end.abort();
  write(root, 'late.yaml');
  await eventually(
    'the watchers are closed',
    () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length <= before,
  );
  const { seen } = await followed(root);
  expect(seen).toEqual(new Set(['late.yaml']));
  expect(told).toEqual([]);
});
