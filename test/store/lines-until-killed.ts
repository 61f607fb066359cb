// Runs a worker that prints a line for each thing it has done, and kills it at a random moment.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';

/** What it printed; at least 20 lines. */
export async function linesUntilKilled(program: string, directory: string): Promise<string[]> {
  const worker = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void worker.kill('SIGKILL'));
  let output = '';
  worker.stdout.on('data', (chunk) => {
    output += chunk;
  });
  while (output.split('\n').length <= 20 && worker.exitCode === null) await once(worker.stdout, 'data');
  await wait(Math.random() * 150);
  worker.kill('SIGKILL');
  await once(worker, 'close');
  expect(worker.signalCode).toBe('SIGKILL');
  return output.trimEnd().split('\n');
}
