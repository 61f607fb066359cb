// The most memory that a process ever held, in MB.
import { readFile } from 'node:fs/promises';

/** What Linux has seen at most; not a number elsewhere. */
export async function peakMegabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}
