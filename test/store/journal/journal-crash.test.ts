import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import { readJournal } from '../../../src/store/journal/read-journal.ts';
import { temporaryDirectory } from '../directory/temporary-directory.ts';

test('a journal in a directory has what was told as written, whenever its process is killed', async () => {
  const directory = temporaryDirectory();
  for (let kill = 0; kill < 8; kill += 1) {
    const told = await writtenUntilKilled(directory);
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

/** The last number that the worker told. */
async function writtenUntilKilled(directory: string): Promise<number> {
  const program = fileURLToPath(import.meta.resolve('./journal-worker.ts'));
  const worker = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void worker.kill('SIGKILL'));
  let output = '';
  worker.stdout.on('data', (chunk) => {
    output += chunk;
  });
  while (output.split('\n').length < 20 && worker.exitCode === null) await once(worker.stdout, 'data');
  await wait(Math.random() * 150);
  worker.kill('SIGKILL');
  await once(worker, 'close');
  expect(worker.signalCode).toBe('SIGKILL');
  return Number(output.trimEnd().split('\n').at(-1));
}
