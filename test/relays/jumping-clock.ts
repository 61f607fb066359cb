// Time that passes as ever, and jumps ahead where a test says so: intervals and backoffs need not be waited for, while
// real servers answer in real time.
import type { SetTimer } from '../../src/relays/timer.ts';

export interface JumpingClock {
  readonly now: () => number;
  readonly setTimer: SetTimer;
  /** Timers that wait. */
  waiting(): number;
  /** Wakes at once whoever would be woken within that time. */
  jump(milliseconds: number): void;
  /** As somebody sets the clock of a machine: timers go on as they were. */
  setBack(milliseconds: number): void;
}

export function createJumpingClock(): JumpingClock {
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();
  let ahead = 0;
  let wrong = 0;
  const passed = () => Date.now() + ahead;
  return {
    now: () => passed() - wrong,
    waiting: () => timers.size,
    setTimer(callback, milliseconds) {
      const cancel = () => {
        clearTimeout(real);
        timers.delete(timer);
      };
      const fire = () => {
        cancel();
        callback();
      };
      const timer = { at: passed() + milliseconds, fire };
      const real = setTimeout(fire, milliseconds);
      timers.add(timer);
      return cancel;
    },
    jump(milliseconds) {
      ahead += milliseconds;
      for (const { at, fire } of [...timers].sort((a, b) => a.at - b.at)) if (at <= passed()) fire();
    },
    setBack(milliseconds) {
      wrong += milliseconds;
    },
  };
}
