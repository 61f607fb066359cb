import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import { readJournal } from '../../../src/store/journal/read-journal.ts';
import { temporaryDirectory } from '../directory/temporary-directory.ts';
import { linesUntilKilled } from '../lines-until-killed.ts';

test('a journal in a directory has what was told as written, whenever its process is killed', async () => {
  const directory = temporaryDirectory();
  const program = fileURLToPath(import.meta.resolve('./journal-worker.ts'));
  for (let kill = 0; kill < 8; kill += 1) {
    const told = Number((await linesUntilKilled(program, directory)).at(-1));
    const { texts } = await readJournal({ segments: createFileSegments(directory), prefix: 'alarms' });
    const n = Number(texts.get('n'));
    // One more may be there: the last was killed before it could tell.
    expect(n - told).toBeOneOf([0, 1]);
    const numbers = [...texts].filter(([key]) => key !== 'n').map(([, text]) => Number.parseInt(text, 10));
    expect(numbers.sort((a, b) => a - b)).toEqual([n - 4, n - 3, n - 2, n - 1, n]);
  }
  // Written 5 kB at a time, it was rewritten many times over.
  expect(readdirSync(directory).length).toBeLessThan(60);
}, 120_000);
