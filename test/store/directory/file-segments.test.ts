// Segments as files: what a reader beside the writing process leaves alone.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test.each([
  [
    'whoever comes beside it leaves what another process is writing, and does not see it',
    { beside: true },
    ['.b.0f', 'a'],
  ],
  ['the one process that writes removes what an earlier one left half-written', { beside: false }, ['a']],
])('%s', async (_name, options, left) => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'a'), 'whole');
  writeFileSync(join(directory, '.b.0f'), 'half');
  expect(await createFileSegments(directory, options).list()).toEqual(['a']);
  expect(readdirSync(directory).sort()).toEqual(left);
});
