// When alarms wait. A period lasts its duration as time passes, not as clocks show it: 8h from 22:00 end at 07:00 in the
// night that clocks go forward. Periods that overlap are one; an alarm goes through where each of them lets it.
import { parseDuration } from '../api/duration.ts';
import { type LabelTest, labelTest } from '../api/label-matcher.ts';
import type { QuietPeriod } from '../api/notification-policy.ts';
import { openSchedule, type Schedule } from '../api/schedule/schedule.ts';

interface Span {
  readonly from: number;
  readonly until: number;
}

/** The quiet that holds now. */
export interface Quiet extends Span {
  readonly passes: LabelTest;
}

export type QuietClock = (now: number) => Quiet | undefined;

interface QuietTime {
  readonly spanAt: (now: number) => Span | undefined;
  readonly passes: LabelTest;
}

/** The schedules, zones and durations must have no fault. */
export function openQuietTimes(periods: readonly QuietPeriod[]): QuietClock {
  const times = periods.map(openQuietTime);
  let end: Span | undefined;
  return (now) => {
    const active = times.flatMap(({ spanAt, passes }) => {
      const span = spanAt(now);
      return span ? [{ from: span.from, passes }] : [];
    });
    if (active.length === 0) return undefined;
    if (!end || now < end.from || now >= end.until) end = { from: now, until: endOf(times, now) };
    const from = Math.min(...active.map((quiet) => quiet.from));
    return { from, until: end.until, passes: (labels) => active.every(({ passes }) => passes(labels)) };
  };
}

function openQuietTime({ schedule, duration, timeZone, except }: QuietPeriod): QuietTime {
  const passes = except && except.length > 0 ? labelTest(except) : () => false;
  return { spanAt: rememberSpan(openSchedule(schedule, timeZone), parseDuration(duration) ?? 0), passes };
}

/** Periods that follow each other without a gap are looked through, as far as anybody plans. */
const farthest = 32;

function endOf(times: readonly QuietTime[], now: number): number {
  let end = now;
  for (let step = 0; step < farthest; step += 1) {
    const later = Math.max(...times.map(({ spanAt }) => spanAt(end)?.until ?? end));
    if (later === end) return end;
    end = later;
  }
  return end;
}

/** Answers are kept, now's and a few that follow it: looking for the latest start costs milliseconds. */
const spansKept = 8;

function rememberSpan({ latest, next }: Schedule, duration: number): QuietTime['spanAt'] {
  let known: (Span & { readonly quiet: boolean })[] = [];
  return (now) => {
    let span = known.find(({ from, until }) => from <= now && now < until);
    if (!span) {
      span = look(now);
      known = [span, ...known].slice(0, spansKept);
    }
    return span.quiet ? span : undefined;
  };

  function look(now: number): Span & { readonly quiet: boolean } {
    const start = next(now - 1) === now ? now : latest(now);
    const following = next(now) ?? Number.POSITIVE_INFINITY;
    if (start !== undefined && now < start + duration) {
      return { from: start, until: Math.min(start + duration, following), quiet: true };
    }
    return { from: start === undefined ? now : start + duration, until: following, quiet: false };
  }
}
