// One piece of work that several callers wait for. Each may leave by its own signal; when all have left, it is aborted.
import { untilAborted } from '../until-aborted.ts';

export interface SharedWork<T> {
  /** The outcome, or undefined where the caller's signal aborted first. */
  join(signal: AbortSignal): Promise<T | undefined>;
}

/** `done` is told the outcome, or undefined where everyone left, before any caller is. `work` must not reject. */
export function shareWork<T>(
  work: (signal: AbortSignal) => Promise<T>,
  done: (outcome: T | undefined) => void,
): SharedWork<T> {
  const abandoned = new AbortController();
  let waiting = 0;
  const outcome = work(abandoned.signal).then((value) => {
    if (abandoned.signal.aborted) return undefined;
    done(value);
    return value;
  });

  return {
    async join(signal) {
      waiting += 1;
      const value = await untilAborted(outcome, signal);
      waiting -= 1;
      if (value === undefined && waiting === 0 && !abandoned.signal.aborted) {
        abandoned.abort();
        done(undefined);
      }
      return value;
    },
  };
}
