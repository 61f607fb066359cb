// What planning one day took.

export interface PlanFigures {
  readonly subjects: number;
  readonly reminders: number;
  /** What status shows as coming. */
  readonly upcoming: number;
  readonly cpuMs: number;
  /** Of the whole process, with the accounts in it. */
  readonly peakRssMb: number;
}

/** `usual`: ends spread over a year, the days before are in the ledger. `everybody`: all come to a step at once. */
export type PlanCase = 'usual' | 'everybody';
