// Which run a rule owes now: the latest one alone, however many were missed.
import type { Schedule } from '../api/schedule/schedule.ts';

export interface RunMemory {
  readonly now: number;
  /** The scheduled instant of the last run that was carried out; undefined where none was. */
  readonly lastRun: number | undefined;
  /** When the rule was first seen: runs before it are not owed. */
  readonly since: number;
}

/** Undefined where nothing is owed, as after a clock was set back. */
export function dueRun({ latest }: Schedule, { now, lastRun, since }: RunMemory): number | undefined {
  const run = latest(now);
  if (run === undefined || run < since) return undefined;
  return lastRun === undefined || run > lastRun ? run : undefined;
}
