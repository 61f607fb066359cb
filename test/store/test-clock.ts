// A clock that stands still until a test moves it.
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/store/clock.ts';

export interface TestClock extends Clock {
  /** Moves both clocks, waking sleepers at their times and letting what they cause happen. */
  advance(milliseconds: number): Promise<void>;
  /** Moves both clocks as for a process that was stopped: everybody wakes at the end, in no useful order. */
  stopFor(milliseconds: number): void;
  /** Only the monotonic one stands still while a machine is suspended. */
  suspendFor(milliseconds: number): void;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createTestClock(): TestClock {
  let monotonic = 1_000;
  let now = Date.UTC(2026, 0, 1);
  const sleepers = new Set<Sleeper>();

  const move = (milliseconds: number) => {
    monotonic += milliseconds;
    now += milliseconds;
  };
  const due = () => [...sleepers].filter(({ at }) => at <= monotonic).sort((a, b) => a.at - b.at);
  const settle = async () => {
    for (let i = 0; i < 5; i++) await turn();
  };

  return {
    now: () => now,
    monotonic: () => monotonic,
    sleep(milliseconds, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper = {
          at: monotonic + milliseconds,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    async advance(milliseconds) {
      const end = monotonic + milliseconds;
      await settle();
      for (;;) {
        const next = Math.min(...[...sleepers].map(({ at }) => at));
        if (next > end) break;
        move(Math.max(0, next - monotonic));
        for (const { wake } of due()) wake();
        await settle();
      }
      move(end - monotonic);
    },
    stopFor: move,
    suspendFor(milliseconds) {
      now += milliseconds;
    },
  };
}
