// Many small files, on a thread of their own.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFileThread } from '../../../src/store/directory/file-thread.ts';
import { temporaryDirectory } from './temporary-directory.ts';

function setUp() {
  const directory = temporaryDirectory();
  const thread = createFileThread();
  onTestFinished(() => thread.close());
  return { thread, pathOf: (name: string) => join(directory, name) };
}

test('each of many files is read as it is, whatever else is asked for at the same time', async () => {
  const { thread, pathOf } = setUp();
  const contents = Array.from({ length: 50 }, (_, n) => Buffer.alloc(n * 999, n));
  contents.forEach((content, n) => {
    writeFileSync(pathOf(`read-${n}`), content);
    writeFileSync(pathOf(`remove-${n}`), content);
  });
  const [reads, removes] = await Promise.all([
    Promise.all(contents.map((_, n) => thread.read(pathOf(`read-${n}`)))),
    Promise.all(contents.map((_, n) => thread.remove(pathOf(`remove-${n}`)))),
  ]);
  expect(reads).toEqual(contents.map((bytes) => ({ kind: 'found', bytes })));
  expect(removes.every(({ kind }) => kind === 'done')).toBe(true);
  contents.forEach((_, n) => {
    expect([existsSync(pathOf(`read-${n}`)), existsSync(pathOf(`remove-${n}`))]).toEqual([true, false]);
  });
});

test('one that is not there is missing, and is as good as removed', async () => {
  const { thread, pathOf } = setUp();
  expect(await thread.read(pathOf('none'))).toEqual({ kind: 'missing' });
  expect(await thread.remove(pathOf('none'))).toEqual({ kind: 'done' });
});

test('one that cannot be read or removed is said, with why', async () => {
  const { thread, pathOf } = setUp();
  mkdirSync(pathOf('folder'));
  expect(await thread.read(pathOf('folder'))).toEqual({
    kind: 'unavailable',
    message: `${pathOf('folder')} cannot be read: it is a directory (EISDIR)`,
  });
  expect(await thread.remove(pathOf('folder'))).toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('folder cannot be removed: '),
  });
});

test('what is asked before it closes is answered', async () => {
  const { thread, pathOf } = setUp();
  writeFileSync(pathOf('file'), 'text');
  const read = thread.read(pathOf('file'));
  await thread.close();
  expect(await read).toEqual({ kind: 'found', bytes: Buffer.from('text') });
});

test('after its end it begins anew', async () => {
  const { thread, pathOf } = setUp();
  writeFileSync(pathOf('file'), 'text');
  await thread.read(pathOf('file'));
  await thread.close();
  expect(await thread.read(pathOf('file'))).toEqual({ kind: 'found', bytes: Buffer.from('text') });
});
