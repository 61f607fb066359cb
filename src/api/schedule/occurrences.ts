// The instants at which a wall time comes in a zone, and so when a schedule runs across clock changes:
//
//   spring   01:59 → 03:00   02:30 never shows: it runs once, as the clock jumps (03:00)
//   autumn   02:59 → 02:00   02:30 shows twice: it runs the first time only; `*` hours run both times
//
// These are the rules of cron since Vixie's. What an instant's successor is depends on nothing but that instant.
import { changeBetween, offsetsAround, type ZoneClock } from '../zone-clock.ts';
import type { CronExpression } from './cron-expression.ts';

/** The first run after this instant; undefined where none comes for years. */
export function nextOccurrence(
  { nextWall, everyHour }: CronExpression,
  { offset }: ZoneClock,
  after: number,
): number | undefined {
  const [low, high] = offsetBounds(offset, after);
  let best: number | undefined;
  let wall = nextWall(after + low - 1);
  while (wall !== undefined && (best === undefined || wall - high < best)) {
    for (const instant of occurrences(offset, wall, everyHour)) {
      if (instant > after && (best === undefined || instant < best)) best = instant;
    }
    wall = nextWall(wall);
  }
  return best;
}

/** The least and the greatest offset that matter to what comes next. */
function offsetBounds(offset: ZoneClock['offset'], after: number): readonly [number, number] {
  const soon = 2 * 86_400_000;
  const offsets = [offset(after), offset(after + soon)];
  return [Math.min(...offsets), Math.max(...offsets)];
}

function occurrences(offset: ZoneClock['offset'], wall: number, both: boolean): readonly number[] {
  const readings = offsetsAround(offset, wall).map((ahead) => wall - ahead);
  const real = readings.filter((instant) => instant + offset(instant) === wall).sort((a, b) => a - b);
  if (real.length > 0) return both ? real : real.slice(0, 1);
  return [changeBetween(offset, Math.min(...readings), Math.max(...readings))];
}
