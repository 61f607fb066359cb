// A program that runs beside the bench until it is stopped, by its own process id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Program {
  /** The first group of `ready`. */
  readonly said: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** What it says, on either output, when it can be used. */
  readonly ready: RegExp;
}

export async function startProgram({ command, args, ready }: ProgramOptions): Promise<Program> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = await firstMatch(child, ready);
  return {
    said,
    pid: child.pid ?? Number.NaN,
    async stop() {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}

function firstMatch(child: ChildProcess, ready: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const onData = (chunk: Buffer) => {
      // Kept only until it is ready; read on afterwards, so that the program never blocks.
      if (output === 'ready') return;
      output += chunk.toString();
      const match = ready.exec(output);
      if (!match) return;
      output = 'ready';
      resolve(match[1] ?? '');
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}: ${output.slice(-500)}`)));
  });
}
