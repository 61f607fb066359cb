// The program as its users run it: the bundle, a process of its own, on no terminal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Bundle, bundleProgram } from '../bundle.ts';
import { eventually } from '../store/eventually.ts';

export interface Program {
  /** Runs it to its end. */
  run(args: readonly string[], given?: Given): Promise<Ended>;
  /** Gone when the test ends. */
  start(args: readonly string[], given?: Given): Running;
}

export interface Given {
  /** On standard input. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  /** Waits until this was printed. */
  printed(text: string | RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Bundled once for the test file that calls this. */
export function useProgram(): Program {
  let bundle: Bundle | undefined;
  beforeAll(async () => {
    bundle = await bundleProgram();
  }, 120_000);
  afterAll(() => bundle?.remove());
  const start = (args: readonly string[], given: Given = {}) => {
    if (!bundle) throw new Error('it is not bundled yet');
    return startProcess([bundle.program, ...args], given);
  };
  return { start, run: (args, given) => start(args, given).ended };
}

function startProcess(args: readonly string[], { input = '', environment = {} }: Given): Running {
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: tmpdir(), TZ: 'UTC', ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  child.stdin.on('error', () => undefined); // it may end before it reads what it was given
  child.stdin.end(input);
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, stdout, stderr }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const matches = (text: string | RegExp) => (typeof text === 'string' ? stdout.includes(text) : text.test(stdout));
  return {
    pid: child.pid ?? Number.NaN,
    stdout: () => stdout,
    stderr: () => stderr,
    signal: (name) => void child.kill(name),
    ended,
    printed: async (text) => {
      await eventually(`it prints ${text}`, () => matches(text)).catch((error) => {
        throw new Error(`${error.message}; it printed\n${stdout}\n${stderr}`);
      });
    },
  };
}
