// How far our clock is from another one that tells whole seconds, asked at a moment between two of ours.

export interface AskedTime {
  /** By our clock, milliseconds since the epoch. */
  readonly before: number;
  readonly after: number;
  /** What the other said: it was somewhere in the second that begins then. */
  readonly second: number;
}

/** Milliseconds that ours is ahead, at the least; below 0 behind. 0 where both may be the same. */
export function clockSkew({ before, after, second }: AskedTime): number {
  if (before >= second + 1_000) return before - (second + 1_000);
  if (after < second) return after - second;
  return 0;
}
