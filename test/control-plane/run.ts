// Runs a program to its end and gives what it said; a code other than 0 is a result, not an exception.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  readonly input?: string;
  /** Absent: ours. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function run(
  command: string,
  args: readonly string[],
  { input = '', env }: RunOptions,
): Promise<RunResult> {
  const child = spawn(command, args, { stdio: 'pipe', env: env ?? process.env });
  // A program that does not read its input closes the pipe early; its exit code tells what matters.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}
