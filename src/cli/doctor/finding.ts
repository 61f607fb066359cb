// What a check found: it is in order, it may become trouble, or it is wrong; the latter two with a way to mend it.

export type Verdict = 'ok' | 'warning' | 'failed';

export interface Finding {
  readonly verdict: Verdict;
  /** What is so: a sentence. */
  readonly message: string;
  /** What would be right. */
  readonly remedy?: string;
}

/** One thing that is looked at. `World` is all that it may ask. */
export interface Check<World> {
  readonly name: string;
  /** Nothing after it can be looked at where it failed. */
  readonly essential?: boolean;
  /** None: it does not apply here. */
  look(world: World, signal: AbortSignal): Promise<readonly Finding[]>;
}

export interface Checked extends Finding {
  readonly check: string;
}

export function fine(message: string): Finding {
  return { verdict: 'ok', message };
}

export function doubtful(message: string, remedy: string): Finding {
  return { verdict: 'warning', message, remedy };
}

export function wrong(message: string, remedy: string): Finding {
  return { verdict: 'failed', message, remedy };
}
