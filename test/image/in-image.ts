// Runs the image's entrypoint as its user, in a file system that has nothing but what the image holds: as root by chroot(8).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { BuiltImage } from './built-image.ts';

export const canEnter = process.platform === 'linux' && process.getuid?.() === 0;

export interface InImage {
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly code: number | NodeJS.Signals; readonly stdout: string; readonly stderr: string }>;
}

export function startInImage(
  image: BuiltImage,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): InImage {
  const { root, entrypoint, user } = image;
  const child = spawn('chroot', [`--userspec=${user}:${user}`, root, ...entrypoint, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/', ...image.environment, ...environment },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, stdout, stderr }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { stdout: () => stdout, stderr: () => stderr, signal: (name) => void child.kill(name), ended };
}
