// What a scenario of the bench is given.
import type { Result } from './result.ts';

export interface Bench {
  /** A directory of its own, removed afterwards. */
  readonly directory: string;
  readonly note: (text: string) => void;
  readonly found: (result: Result) => void;
}

export type Scenario = (bench: Bench) => Promise<void>;
