// The memory of another process, in MB.
import { readFile } from 'node:fs/promises';

/** What Linux has seen at most; not a number elsewhere. */
export async function peakMegabytes(pid: number | undefined): Promise<number> {
  return await megabytes(pid, /^VmHWM:\s+(\d+) kB$/m);
}

/** What it holds now, with its share of files that others have mapped, too. */
export async function residentMegabytes(pid: number | undefined): Promise<number> {
  return await megabytes(pid, /^VmRSS:\s+(\d+) kB$/m);
}

async function megabytes(pid: number | undefined, line: RegExp): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(line.exec(status)?.[1]) / 1_024;
}
