// A state directory on a disk that is full when a test says so: a small file system of its own where that may be
// mounted, or an operator whose files may not grow (setrlimit RLIMIT_FSIZE), which needs no rights.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';
import { eventually } from '../store/eventually.ts';

export interface ScarceDisk {
  readonly directory: string;
  /** What the system calls it when a write has no room. */
  readonly code: string;
  /** What fails at once when a message has been sent, in the operator's words. */
  readonly firstFault: RegExp;
  fill(pid: number): Promise<void> | void;
  free(pid: number): Promise<void> | void;
}

/** Undefined where nothing may be mounted. */
export function smallFileSystem(): ScarceDisk | undefined {
  const directory = temporaryDirectory();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory]);
  if (mounted.status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', ['--lazy', directory]));
  const filler = join(directory, 'filler');
  let hungry: ChildProcess | undefined;
  onTestFinished(() => void hungry?.kill('SIGKILL'));
  return {
    directory,
    code: 'ENOSPC',
    // Its ledger grows within a block that it has; a status is a new file each time.
    firstFault: /status could not be written .*ENOSPC/,
    // What comes free as mails go is taken at once, too.
    async fill() {
      hungry = spawn('sh', ['-c', 'while :; do cat /dev/zero >>"$0"; sleep 0.01; done', filler], { stdio: 'ignore' });
      await eventually('it is full', () => statfsSync(directory).bavail === 0);
    },
    async free() {
      hungry?.kill('SIGKILL');
      if (hungry) await once(hungry, 'exit');
      rmSync(filler);
    },
  };
}

export function limitedFiles(): ScarceDisk | undefined {
  if (spawnSync('prlimit', ['--version']).status !== 0) return undefined;
  const limit = (pid: number, bytes: string) =>
    void spawnSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);
  return {
    directory: temporaryDirectory(),
    code: 'EFBIG',
    firstFault: /was sent and cannot be remembered yet: .*EFBIG/,
    fill: (pid) => limit(pid, '0'),
    free: (pid) => limit(pid, 'unlimited'),
  };
}
