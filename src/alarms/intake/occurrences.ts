// How often something happened, and when, as far as counts tell: between two looks at a series only their difference is
// known, and is taken to be spread evenly.

export interface Occurrences {
  readonly times: number;
  /** The first one's time at the earliest; the last one's. */
  readonly from: number;
  readonly to: number;
}

/** What happened at about one time. */
export interface Bout {
  readonly at: number;
  readonly times: number;
}

/** As many as a window needs to be told exactly enough; none is longer than a 32nd of what it spreads over. */
const most = 32;

/** Only what happened after `since`. */
export function boutsOf({ times, from, to }: Occurrences, since: number): readonly Bout[] {
  if (times <= 0) return [];
  const parts = Math.min(times, to > from ? most : 1);
  return Array.from({ length: parts }, (_, index) => ({
    at: parts === 1 ? to : from + ((to - from) * index) / (parts - 1),
    times: Math.floor((times * (index + 1)) / parts) - Math.floor((times * index) / parts),
  })).filter(({ at }) => at > since);
}

/** Those of the last `within` before the newest, in order; near ones are put together, so that there are few. */
export function recentBouts(bouts: readonly Bout[], within: number): readonly Bout[] {
  const ordered = [...bouts].sort((one, other) => one.at - other.at);
  const newest = ordered.at(-1)?.at ?? 0;
  const recent = ordered.filter(({ at }) => at > newest - within);
  if (recent.length <= 2 * most) return recent;
  const together = new Map<number, Bout>();
  for (const bout of recent) {
    const slot = Math.floor((bout.at * most) / within);
    together.set(slot, { at: bout.at, times: bout.times + (together.get(slot)?.times ?? 0) });
  }
  return [...together.values()];
}

export function timesOf(bouts: readonly Bout[]): number {
  return bouts.reduce((sum, { times }) => sum + times, 0);
}
