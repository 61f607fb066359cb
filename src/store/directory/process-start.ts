// When a process was started, in the system's own count: process ids are used again, the pair is not.
import { readFileSync } from 'node:fs';
import { ioCode } from './io-words.ts';

/** Undefined where no such process runs; empty on systems without /proc. */
export function processStart(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined;
  try {
    // proc_pid_stat(5): the name in parentheses may hold anything; state and start time are the 3rd and 22nd field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : (fields[19] ?? '');
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return ioCode(error) === 'EPERM';
  }
}
