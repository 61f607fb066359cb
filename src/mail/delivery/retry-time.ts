// When a message that was not taken is tried again: soon at first, then every half an hour, and once more just before its
// time is over. Jitter keeps those that failed together from coming back together.

const minute = 60_000;
const delays = [1, 2, 5, 10, 30].map((minutes) => minutes * minute);
/** So long before the end comes the last try. */
const lastMoment = 30_000;

export interface RetryFacts {
  readonly now: number;
  /** 0 to 1. */
  readonly random: number;
  /** Tries before this one. */
  readonly attempts: number;
  readonly deliverBy: number;
  /** The longest delay; shorter where no server has refused the message but none could be reached. */
  readonly longest?: number;
}

/** Milliseconds since the epoch; undefined where its time is over. */
export function retryTime({ now, random, attempts, deliverBy, longest = 30 * minute }: RetryFacts): number | undefined {
  const delay = Math.min(longest, delays[attempts] ?? longest);
  const next = now + delay * (0.8 + 0.4 * random);
  if (next <= deliverBy) return Math.round(next);
  const last = deliverBy - lastMoment;
  return last > now + minute / 2 ? last : undefined;
}
