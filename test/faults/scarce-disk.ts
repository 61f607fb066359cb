// A state directory on a disk that is full when a test says so: a small file system of its own where that may be
// mounted, or an operator whose files may not grow (setrlimit RLIMIT_FSIZE), which needs no rights.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';

export interface ScarceDisk {
  readonly directory: string;
  /** What the system says of a write that has no room. */
  readonly words: string;
  fill(pid: number): void;
  free(pid: number): void;
}

/** Undefined where nothing may be mounted. */
export function smallFileSystem(): ScarceDisk | undefined {
  const directory = temporaryDirectory();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory]);
  if (mounted.status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', ['--lazy', directory]));
  const filler = join(directory, 'filler');
  return {
    directory,
    words: 'ENOSPC',
    fill: () => void spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k']),
    free: () => rmSync(filler),
  };
}

export function limitedFiles(): ScarceDisk | undefined {
  if (spawnSync('prlimit', ['--version']).status !== 0) return undefined;
  const limit = (pid: number, bytes: string) =>
    void spawnSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);
  return {
    directory: temporaryDirectory(),
    words: 'EFBIG',
    fill: (pid) => limit(pid, '0'),
    free: (pid) => limit(pid, 'unlimited'),
  };
}
