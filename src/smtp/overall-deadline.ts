// How long a whole conversation may take up to its end (a probe) or its login (a session), whatever each single step does.
import type { RelayTarget } from './relay-target.ts';

export interface OverallDeadline {
  readonly signal: AbortSignal;
  /** Nothing ends the conversation any more, neither time nor the outer signal. */
  clear(): void;
}

/** Ten steps' time; at least 30 s, at most 5 min. */
export function overallDeadline(
  { connectionTimeout }: Pick<RelayTarget, 'connectionTimeout'>,
  { whole, outer }: { whole: 'probe' | 'connection'; outer: AbortSignal },
): OverallDeadline {
  const controller = new AbortController();
  const longest = Math.min(300_000, Math.max(30_000, 10 * connectionTimeout));
  const timer = setTimeout(
    () => controller.abort(`had not answered when the whole ${whole} had taken ${longest / 1000} s`),
    longest,
  );
  const stop = () => controller.abort(`had not answered when the ${whole} was stopped`);
  outer.addEventListener('abort', stop, { once: true });
  if (outer.aborted) stop();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer.removeEventListener('abort', stop);
    },
  };
}
