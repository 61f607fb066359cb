// Holds to so many messages a minute: never more than that in any 60 seconds, a tenth of them at once.

export interface TokenBucket {
  /** Milliseconds until one may go; 0: now. */
  wait(now: number): number;
  take(now: number): void;
  giveBack(): void;
  /** Milliseconds between two in the long run. */
  readonly interval: number;
}

const minute = 60_000;

export function createTokenBucket(perMinute: number): TokenBucket {
  if (perMinute === 0) return { wait: () => 0, take: () => undefined, giveBack: () => undefined, interval: 0 };
  const burst = Math.max(1, Math.floor(perMinute / 10));
  // What a full bucket lets go at once counts against the minute that follows.
  const interval = minute / (perMinute - burst + 1);
  let tokens = burst;
  let filledAt: number | undefined;

  function fill(now: number): void {
    const passed = filledAt === undefined ? 0 : Math.max(0, now - filledAt);
    tokens = Math.min(burst, tokens + passed / interval);
    filledAt = now;
  }

  return {
    interval,
    wait(now) {
      fill(now);
      // A hair's breadth is rounding, not a message too many.
      return tokens >= 1 - 1e-9 ? 0 : Math.ceil((1 - tokens) * interval);
    },
    take(now) {
      fill(now);
      tokens -= 1;
    },
    giveBack() {
      tokens = Math.min(burst, tokens + 1);
    },
  };
}
