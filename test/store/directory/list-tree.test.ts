import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listTree } from '../../../src/store/directory/list-tree.ts';
import { isManifestName } from '../../../src/store/directory/manifest-name.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const rules = { isFile: isManifestName };

async function namesIn(root: string, excluded?: string): Promise<string[]> {
  const { files } = await listTree(root, { ...rules, ...(excluded !== undefined && { excluded }) });
  return [...files.keys()].map((path) => relative(root, path));
}

describe('the files of a tree', () => {
  test('are YAML and JSON, in folders too, in the order of their names', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'nested', 'deeper'), { recursive: true });
    for (const name of ['z.yaml', 'b.yml', 'a.json', 'nested/deeper/x.yaml', 'README.md']) {
      writeFileSync(join(root, name), '');
    }
    expect(await namesIn(root)).toEqual(['a.json', 'b.yml', 'nested/deeper/x.yaml', 'z.yaml']);
  });

  test('are not what is hidden or what editors leave', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, '.git'));
    for (const name of [
      '.hidden.yaml',
      '.#a.yaml',
      'a.yaml~',
      '.a.yaml.swp',
      '#a.yaml#',
      'a.yaml.bak',
      '.git/c.yaml',
    ]) {
      writeFileSync(join(root, name), '');
    }
    expect(await namesIn(root)).toEqual([]);
  });

  test('are found once though links lead in circles', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'a'));
    writeFileSync(join(root, 'a', 'x.yaml'), '');
    symlinkSync(root, join(root, 'a', 'up'));
    symlinkSync('a', join(root, 'again'));
    symlinkSync('itself', join(root, 'itself'));
    expect(await namesIn(root)).toEqual(['a/x.yaml']);
  });

  test('are not those of an excluded directory, by whatever path it is reached', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'state'));
    writeFileSync(join(root, 'state', 'x.yaml'), '');
    symlinkSync('state', join(root, 'link'));
    expect(await namesIn(root, join(root, 'state'))).toEqual([]);
  });

  test('look different when a volume swaps ..data', async () => {
    const root = temporaryDirectory();
    for (const version of ['..1', '..2']) {
      mkdirSync(join(root, version));
      writeFileSync(join(root, version, 'x.yaml'), 'same');
      utimesSync(join(root, version, 'x.yaml'), 1, 1);
    }
    symlinkSync('..1', join(root, '..data'));
    symlinkSync('..data/x.yaml', join(root, 'x.yaml'));
    const before = await listTree(root, rules);
    symlinkSync('..2', join(root, '..data_tmp'));
    renameSync(join(root, '..data_tmp'), join(root, '..data'));
    const after = await listTree(root, rules);
    expect([...before.files.keys()]).toEqual([join(root, 'x.yaml')]);
    expect([...after.files.keys()]).toEqual([join(root, 'x.yaml')]);
    expect([...after.files.values()]).not.toEqual([...before.files.values()]);
  });
});

describe('what cannot be looked into is told', () => {
  test('a pipe that is named like a manifest is left out rather than waited for', async () => {
    const root = temporaryDirectory();
    execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
    const { files, problems } = await listTree(root, rules);
    expect([...files]).toEqual([]);
    expect([...problems]).toEqual([[join(root, 'pipe.yaml'), 'It is no regular file and is left out.']]);
  });

  test('a link to nothing', async () => {
    const root = temporaryDirectory();
    symlinkSync('nowhere.yaml', join(root, 'x.yaml'));
    const { problems } = await listTree(root, rules);
    expect(problems.get(join(root, 'x.yaml'))).toBe('It is a symbolic link to something that does not exist.');
  });

  test('a root that is not there, or is a file', async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'file'), '');
    const absent = join(root, 'absent');
    expect((await listTree(absent, rules)).problems.get(absent)).toBe('It does not exist.');
    expect((await listTree(join(root, 'file'), rules)).problems.get(join(root, 'file'))).toBe('It is no directory.');
  });

  test('more files than are read, of which the first are', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'c'));
    for (const name of ['a.yaml', 'b.yaml', 'c/d.yaml']) writeFileSync(join(root, name), '');
    const { files, problems } = await listTree(root, { ...rules, mostFiles: 2 });
    expect([...files.keys()]).toEqual([join(root, 'a.yaml'), join(root, 'b.yaml')]);
    expect([...problems.values()]).toEqual(['Only the first 2 manifest files are read.']);
  });
});
