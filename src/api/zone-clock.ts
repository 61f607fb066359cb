// A time zone's offset and calendar days, fast enough for a hundred thousand instants: Intl is asked once a day, not once an instant.

export const dayMilliseconds = 86_400_000;

export interface ZoneClock {
  /** Milliseconds that local time is ahead of UTC at this instant. */
  readonly offset: (instant: number) => number;
  /** The local calendar day of an instant, counted from 1970-01-01. */
  readonly day: (instant: number) => number;
  /** The first instant of a local day: midnight, or what follows it where the clock skips midnight. */
  readonly startOfDay: (day: number) => number;
}

/** The zone must exist (`isTimeZone`). */
export function zoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const atUtcMidnight = new Map<number, number>();
  const midnightOffset = (utcDay: number) => {
    const known = atUtcMidnight.get(utcDay) ?? exactOffset(format, utcDay * dayMilliseconds);
    atUtcMidnight.set(utcDay, known);
    return known;
  };
  const offset = (instant: number) => {
    const utcDay = Math.floor(instant / dayMilliseconds);
    const before = midnightOffset(utcDay);
    return before === midnightOffset(utcDay + 1) ? before : exactOffset(format, instant);
  };
  const day = (instant: number) => Math.floor((instant + offset(instant)) / dayMilliseconds);
  const starts = new Map<number, number>();
  return {
    offset,
    day,
    startOfDay(wanted) {
      const start = starts.get(wanted) ?? startOfDay(wanted, { offset, day });
      starts.set(wanted, start);
      return start;
    },
  };
}

function exactOffset(format: Intl.DateTimeFormat, instant: number): number {
  const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(format.format(instant));
  const [, sign, hours = 0, minutes = 0, seconds = 0] = match ?? [];
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}

/** Midnight read with the offsets on either side of it: the earlier reading counts where it is midnight, else the end of the gap. */
function startOfDay(wanted: number, { offset, day }: Pick<ZoneClock, 'offset' | 'day'>): number {
  const midnight = wanted * dayMilliseconds;
  const readings = offsetsAround(offset, midnight).map((ahead) => midnight - ahead);
  const first = readings.filter((instant) => day(instant) === wanted && day(instant - 1) < wanted);
  return first.length > 0 ? Math.min(...first) : changeBetween(offset, Math.min(...readings), Math.max(...readings));
}

/** Every offset that may be in force while local clocks show this wall time; no zone is further than 26 hours from UTC. */
export function offsetsAround(offset: ZoneClock['offset'], wall: number): readonly number[] {
  const reach = 26 * 3_600_000;
  return [...new Set([offset(wall - reach), offset(wall + reach)])];
}

/** The first instant with the offset of `after`, where it changes once in between. */
export function changeBetween(offset: ZoneClock['offset'], before: number, after: number): number {
  const later = offset(after);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === later) high = middle;
    else low = middle;
  }
  return high;
}
