import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDirectory } from '../../../src/store/directory/make-directory.ts';

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'relaykeeper-make-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('a directory is made with those above it, also by several at once', async () => {
  const path = join(newDirectory(), 'a', 'b', 'c');
  await Promise.all([makeDirectory(path), makeDirectory(path), makeDirectory(path)]);
  expect(existsSync(path)).toBe(true);
});

test('what takes no directory is told rather than tried for ever', async () => {
  await expect(makeDirectory('/proc/relaykeeper/state')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('below a file there is no directory', async () => {
  const directory = newDirectory();
  writeFileSync(join(directory, 'file'), '');
  await expect(makeDirectory(join(directory, 'file', 'state'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});
