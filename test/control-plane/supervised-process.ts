// A child process that cannot outlive us. `exit` handlers do not run when we are killed, so a watchdog in a session of
// its own holds a pipe from us: when that closes, for whatever reason, it kills the child and removes its directory.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export interface SupervisedProcess {
  readonly pid: number;
  /** Resolves when it has ended, by itself or by us. */
  readonly ended: Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

interface SupervisedOptions {
  readonly logFile: string;
  /** Removed with the child when we die. */
  readonly directory: string;
}

export async function startSupervised(
  command: string,
  args: readonly string[],
  { logFile, directory }: SupervisedOptions,
): Promise<SupervisedProcess> {
  const log = createWriteStream(logFile, { flags: 'a' });
  await once(log, 'open');
  const child = spawn(command, args, { stdio: ['ignore', log, log] });
  log.close();
  await once(child, 'spawn');
  const pid = child.pid ?? Number.NaN;
  const watchdog = startWatchdog(pid, directory);
  const ended = once(child, 'exit').then(() => {
    watchdog.kill('SIGKILL');
  });
  return {
    pid,
    ended,
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

function startWatchdog(pid: number, directory: string): ChildProcess {
  const script = 'cat >/dev/null; kill -KILL "$1"; rm -rf "$2"';
  const watchdog = spawn('sh', ['-c', script, 'watchdog', String(pid), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Only the pipe matters; it must not keep the test run alive.
  watchdog.unref();
  return watchdog;
}
