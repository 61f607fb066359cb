// When a rule runs: a cron schedule in a time zone. A run's key is its scheduled instant, whenever it really starts.
import { zoneClock } from '../zone-clock.ts';
import { cronExpression } from './cron-expression.ts';
import { nextOccurrence } from './occurrences.ts';

export interface Schedule {
  /** The first run after this instant; undefined where none comes for years. */
  readonly next: (after: number) => number | undefined;
  /** The last run up to this instant, itself included; undefined where there was none for years. */
  readonly latest: (now: number) => number | undefined;
}

/** Schedule and zone must have no fault. */
export function openSchedule(schedule: string, timeZone: string): Schedule {
  const expression = cronExpression(schedule);
  const clock = zoneClock(timeZone);
  const next = (after: number) => nextOccurrence(expression, clock, after);
  return { next, latest: (now) => latestBefore(next, now) };
}

const minute = 60_000;
const farthest = 9 * 366 * 86_400_000;

/** There is only a way forward: go back far enough, then halve. Runs are a minute apart at least. */
function latestBefore(next: Schedule['next'], now: number): number | undefined {
  let found = runBefore(next, now);
  let free = now;
  while (found !== undefined && free - found >= minute) {
    const middle = Math.floor((found + free) / 2);
    const run = next(middle);
    if (run !== undefined && run <= now) found = run;
    else free = middle;
  }
  return found;
}

function runBefore(next: Schedule['next'], now: number): number | undefined {
  for (let back = minute; back <= farthest; back *= 2) {
    const run = next(now - back);
    if (run !== undefined && run <= now) return run;
  }
  return undefined;
}
