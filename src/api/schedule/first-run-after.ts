// The first run after an instant, for a hundred thousand instants: what lies between two runs is asked of the schedule once.
import type { Schedule } from './schedule.ts';

interface Span {
  /** Every instant from here to just before the run has this run as its next. */
  from: number;
  readonly run: number;
}

export function firstRunAfter({ next }: Pick<Schedule, 'next'>): Schedule['next'] {
  /** By run, ascending, and so by `from`. */
  const spans: Span[] = [];
  let never = Number.POSITIVE_INFINITY;
  return (after) => {
    if (after >= never) return undefined;
    const index = indexAfter(spans, after);
    const known = spans[index];
    if (known && known.from <= after) return known.run;
    const run = next(after);
    if (run === undefined) never = after;
    else if (known?.run === run) known.from = after;
    else spans.splice(index, 0, { from: after, run });
    return run;
  };
}

/** Of the first span whose run is later than the instant. */
function indexAfter(spans: readonly Span[], after: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.run ?? 0) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
