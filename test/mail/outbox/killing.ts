// Runs a worker again and again, killing it at random moments, until one run comes to its end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Killing {
  /** Of crash-worker.ts, for each run. */
  readonly args: (run: number) => readonly string[];
  readonly kills: number;
  /** The longest that a run is left alone once it has opened the outbox. */
  readonly withinMs: number;
}

/** How many were killed. Rejects where a run ends badly by itself. */
export async function runWithKills({ args, kills, withinMs }: Killing): Promise<number> {
  for (let run = 0; run < kills; run += 1) {
    const worker = startWorker(args(run));
    await Promise.race([once(worker.stdout, 'data'), once(worker, 'exit')]);
    await Promise.race([wait(Math.random() * withinMs), once(worker, 'exit')]);
    worker.kill('SIGKILL');
    const code = await exitOf(worker);
    if (code === 0) return run;
    if (code !== null) throw new Error(`a run ended with exit status ${code}`);
  }
  const code = await exitOf(startWorker(args(kills)));
  if (code !== 0) throw new Error(`the last run ended with exit status ${code}`);
  return kills;
}

export function startWorker(args: readonly string[]) {
  const program = fileURLToPath(import.meta.resolve('./crash-worker.ts'));
  const worker = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

/** Null where it was killed. */
export async function exitOf(worker: ReturnType<typeof startWorker>): Promise<number | null> {
  if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
  return worker.exitCode;
}

export interface Sends {
  readonly distinct: number;
  readonly twice: number;
}

export function sendsIn(file: string): Sends {
  const ids = readFileSync(file, 'utf8').trim().split('\n');
  const distinct = new Set(ids).size;
  return { distinct, twice: ids.length - distinct };
}
