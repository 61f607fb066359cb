// How long to wait after so many failures in a row.

export interface BackoffRange {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Once to twice the base after the first failure, doubled with each, up to the most. The half that is random keeps the
 * clients that one outage cut off from all coming back in the same moment.
 */
export function backoffMs(failures: number, { baseMs, maxMs }: BackoffRange, random: () => number): number {
  const whole = Math.min(maxMs, baseMs * 2 ** failures);
  return whole * (0.5 + random() / 2);
}
