// At most so many requests a second, with a burst: what --kube-api-qps bounds. Turns come in the order of asking.
import type { Clock } from '../clock.ts';

export interface RateLimit {
  /** Resolves when it is this request's turn, or at once when the signal aborts. */
  turn(signal: AbortSignal): Promise<void>;
}

export function createRateLimit({ qps, burst, clock }: { qps: number; burst: number; clock: Clock }): RateLimit {
  const interval = 1_000 / qps;
  // The generic cell rate algorithm: when the bucket would be full again, if nothing more came.
  let fullAt = Number.NEGATIVE_INFINITY;
  return {
    turn(signal) {
      const now = clock.monotonic();
      fullAt = Math.max(fullAt, now) + interval;
      const wait = fullAt - burst * interval - now;
      return wait > 0 ? clock.sleep(wait, signal) : Promise.resolve();
    },
  };
}
