// Debian's promtool, which reads metrics and rules as Prometheus does.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { debianPackages } from '../../servers/debian-packages.ts';

export interface Promtool {
  /** What it said and its exit code. */
  run(args: readonly string[], input?: string): Promise<{ readonly code: number; readonly output: string }>;
}

/** Undefined, and said on standard error, where it cannot be had. */
export async function openPromtool(): Promise<Promtool | undefined> {
  const packages = await debianPackages(['prometheus']);
  if (packages.kind === 'installed') return { run };
  process.stderr.write(`${packages.why}\n`);
  return undefined;
}

async function run(args: readonly string[], input = ''): Promise<{ code: number; output: string }> {
  const child = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, output: stdout + stderr };
}
