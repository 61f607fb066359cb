// One term of a leader. It ends by the clock, not by a timer: a process that was stopped and goes on finds its term
// over at its first question, before any timer of its had a chance to fire.
import type { Clock } from './clock.ts';
import type { Moment } from './lease-claim.ts';

export interface LeaderTerm {
  /** Aborted when the term ends. */
  readonly signal: AbortSignal;
  /** Once false, false for good. */
  isLive(): boolean;
  remainingMs(): number;
  /** Counts from when the request was sent; too late does not bring the term back. */
  renewed(asked: Moment): void;
  end(): void;
}

export function createLeaderTerm(asked: Moment, deadlineMs: number, clock: Clock): LeaderTerm {
  const ended = new AbortController();
  let last = asked;
  const remainingMs = () => deadlineMs - Math.max(clock.monotonic() - last.monotonic, clock.now() - last.now);
  const isLive = () => {
    if (remainingMs() <= 0) ended.abort();
    return !ended.signal.aborted;
  };
  return {
    signal: ended.signal,
    isLive,
    remainingMs,
    renewed: (at) => {
      if (isLive()) last = at;
    },
    end: () => ended.abort(),
  };
}
