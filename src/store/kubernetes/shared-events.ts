// Watches of Events that several follow at once: one a namespace, however many alarm rules look into it. It keeps nothing
// of what it sees, so that for whoever comes later it begins anew, and tells all again to all: once for those who come together.
import type { ClusterEvent } from '../alarm-store.ts';
import type { StoreProblem } from '../store.ts';
import { guarded } from './guarded.ts';

export interface EventFollower {
  readonly seen: (event: ClusterEvent) => void;
  readonly problem: (problem: StoreProblem) => void;
}

/** Watches one namespace, or all, until the signal aborts. */
export type WatchEvents = (namespace: string | undefined, listener: EventFollower, signal: AbortSignal) => void;

/** As `WatchEvents`, many at a time. */
export function shareEvents(watch: WatchEvents): WatchEvents {
  const shared = new Map<string | undefined, SharedWatch>();
  return (namespace, follower, signal) => {
    if (signal.aborted) return;
    const known = shared.get(namespace) ?? sharedWatch((all, stop) => watch(namespace, all, stop));
    shared.set(namespace, known);
    known.join(follower);
    signal.addEventListener('abort', () => known.leave(follower), { once: true });
  };
}

interface SharedWatch {
  join(follower: EventFollower): void;
  leave(follower: EventFollower): void;
}

function sharedWatch(begin: (listener: EventFollower, signal: AbortSignal) => void): SharedWatch {
  const followers = new Set<EventFollower>();
  /** What is wrong, by subject. */
  const troubles = new Map<string, StoreProblem>();
  let watching: AbortController | undefined;
  let hasNew = false;
  let looksSoon = false;

  function lookSoon(): void {
    if (looksSoon) return;
    looksSoon = true;
    // Rules that are read anew leave and come within one turn.
    setImmediate(look);
  }

  function look(): void {
    looksSoon = false;
    if (followers.size === 0 || hasNew) watching?.abort();
    if (followers.size === 0) troubles.clear();
    if (hasNew && followers.size > 0) start();
    hasNew = false;
  }

  function start(): void {
    watching = new AbortController();
    const { signal } = watching;
    begin(
      {
        // One that is over says that nothing is wrong any more, which the next may know better.
        problem: (problem) => void (signal.aborted || tell(problem)),
        seen(event) {
          for (const { seen, problem } of followers) guarded(() => seen(event), { subject: 'events', problem });
        },
      },
      signal,
    );
  }

  function tell(problem: StoreProblem): void {
    if (problem.message === undefined) troubles.delete(problem.subject);
    else troubles.set(problem.subject, problem);
    for (const follower of followers) follower.problem(problem);
  }

  return {
    join(follower) {
      followers.add(follower);
      hasNew = true;
      for (const problem of troubles.values()) follower.problem(problem);
      lookSoon();
    },
    leave(follower) {
      followers.delete(follower);
      // Nobody follows it any more there, so it is nobody's problem.
      for (const { subject } of troubles.values()) follower.problem({ subject, message: undefined });
      lookSoon();
    },
  };
}
