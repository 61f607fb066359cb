// Which run a rule owes now: the latest one alone, however many were missed.
import { parseRfc3339 } from '../api/rfc3339.ts';
import type { Schedule } from '../api/schedule/schedule.ts';

export interface RunMemory {
  readonly now: number;
  /** The scheduled instant of the last run that was carried out; undefined where none was. */
  readonly lastRun: number | undefined;
  /** When the rule was first seen: runs before it are not owed. */
  readonly since: number;
}

/**
 * Undefined where nothing is owed. A last run that is yet to come was written by a clock that was ahead, and counts for
 * nothing: what it told is in the ledger.
 */
export function dueRun({ latest }: Schedule, { now, lastRun, since }: RunMemory): number | undefined {
  const run = latest(now);
  if (run === undefined || run < since) return undefined;
  return lastRun === undefined || lastRun > now || run > lastRun ? run : undefined;
}

export interface Release {
  /** The value of the annotation, which may be about another rule. */
  readonly released: string | undefined;
  readonly lastRun: number | undefined;
  /** The run that is owed. */
  readonly owed: number;
}

/** A run that was held before the one that is owed now, and that was released, releases this one: its mails are among them. */
export function isReleased({ latest }: Schedule, { released, lastRun, owed }: Release): boolean {
  const run = released === undefined ? undefined : parseRfc3339(released);
  if (run === undefined || run > owed || latest(run) !== run) return false;
  return lastRun === undefined || lastRun > owed || run > lastRun;
}
