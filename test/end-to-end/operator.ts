// The operator as a process of its own, with its log as data; gone when the test ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { bundledProgram } from '../control-plane/shared.ts';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly relay?: string;
  readonly subject?: string;
}

export interface Operator {
  readonly pid: number;
  readonly log: readonly LogLine[];
  /** Whether a line of the log contains this. */
  says(text: string): boolean;
  signal(name: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface OperatorOptions {
  readonly kubeconfig: string;
  /** Of its leases. */
  readonly namespace: string;
  readonly args?: readonly string[];
}

/** Loopback is allowed, since that is where the tests' servers are. */
export function startOperator({ kubeconfig, namespace, args = [] }: OperatorOptions): Operator {
  const own = ['run', '--kubeconfig', kubeconfig, '--operator-namespace', namespace];
  const child = spawn(process.execPath, [bundledProgram().program, ...own, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: tmpdir() },
  });
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const log = logOf(child);
  return {
    pid: child.pid ?? Number.NaN,
    log,
    says: (text) => log.some(({ msg }) => msg.includes(text)),
    signal: (name) => void child.kill(name),
    ended,
  };
}

/** What is no line of the log, such as a stack on standard error, counts as a line of level 60 (fatal). */
function logOf(child: ChildProcess): LogLine[] {
  const log: LogLine[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log.push(line.startsWith('{') ? JSON.parse(line) : { level: 60, msg: line });
    });
  }
  return log;
}
