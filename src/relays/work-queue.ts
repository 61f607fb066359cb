// Keys to be worked on: each at most once at a time, in the order they came, a bounded number together.
// What takes long gives its slot back (`yieldSlot`), so that a slow server delays no other relay; not without bound,
// since each holds a connection.
import type { SetTimer } from './timer.ts';

export interface WorkQueue {
  /** Works on the key soon; again after the present run where one is under way. */
  add(key: string): void;
  /** Works on the key once that many milliseconds have passed; replaces an earlier wish for later. */
  addAfter(key: string, milliseconds: number): void;
  forget(key: string): void;
  /** Resolves once nothing is waiting or under way (what is only due later does not count). */
  idle(): Promise<void>;
  /** Starts nothing more; resolves once what is under way has ended. */
  stop(): Promise<void>;
}

export type Work = (key: string, yieldSlot: () => void) => Promise<void>;

export interface WorkQueueOptions {
  readonly slots: number;
  readonly work: Work;
  readonly setTimer: SetTimer;
}

/** How many times as many as there are slots may have given theirs back. */
const slowFactor = 8;

export function createWorkQueue({ slots, work, setTimer }: WorkQueueOptions): WorkQueue {
  const waiting = new Set<string>();
  const running = new Set<string>();
  const again = new Set<string>();
  /** How to cancel each. */
  const timers = new Map<string, () => void>();
  let free = slots;
  let slow = 0;
  let stopped = false;
  let onIdle: (() => void)[] = [];

  function add(key: string): void {
    if (stopped) return;
    if (running.has(key)) again.add(key);
    else waiting.add(key);
    startNext();
  }

  function startNext(): void {
    while (free > 0 && !stopped) {
      const [key] = waiting;
      if (key === undefined) break;
      waiting.delete(key);
      void run(key);
    }
    if (running.size === 0 && (waiting.size === 0 || stopped)) {
      for (const resolve of onIdle) resolve();
      onIdle = [];
    }
  }

  async function run(key: string): Promise<void> {
    clearTimer(key);
    running.add(key);
    free -= 1;
    let yielded = false;
    const yieldSlot = () => {
      if (yielded || slow >= slots * slowFactor) return;
      yielded = true;
      slow += 1;
      free += 1;
      startNext();
    };
    try {
      await work(key, yieldSlot);
    } finally {
      running.delete(key);
      if (again.delete(key) && !stopped) waiting.add(key);
      if (yielded) slow -= 1;
      else free += 1;
      startNext();
    }
  }

  function clearTimer(key: string): void {
    timers.get(key)?.();
    timers.delete(key);
  }

  return {
    add,
    addAfter: (key, milliseconds) => {
      clearTimer(key);
      if (stopped) return;
      const due = () => {
        timers.delete(key);
        add(key);
      };
      timers.set(key, setTimer(due, milliseconds));
    },
    forget: (key) => {
      clearTimer(key);
      waiting.delete(key);
      again.delete(key);
    },
    idle: () =>
      new Promise((resolve) => {
        onIdle.push(resolve);
        startNext();
      }),
    stop: () => {
      stopped = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
      waiting.clear();
      return new Promise((resolve) => {
        onIdle.push(resolve);
        startNext();
      });
    },
  };
}
