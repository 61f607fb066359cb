// Runs helm, with nothing of the user's own configuration, to its end; a code other than 0 is a result.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface HelmRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runHelm(helm: string, args: readonly string[], input = ''): Promise<HelmRun> {
  const home = await mkdtemp(join(tmpdir(), 'relaykeeper-helm-'));
  try {
    const env = { PATH: process.env.PATH, HOME: home };
    const child = spawn(helm, args, { stdio: 'pipe', env });
    // A helm that refuses its arguments does not read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code, stdout, stderr };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
