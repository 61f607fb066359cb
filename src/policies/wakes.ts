// Gathers wakes that come together, and lets a policy that takes long rest in proportion: a hundred thousand accounts that
// are made one after the other are not gone through once for each.

export interface Wakes {
  /** At most once for all that wish for it meanwhile; an earlier wish counts. */
  wake(id: string, within: number): void;
  took(id: string, milliseconds: number): void;
  isIdle(): boolean;
  stop(): void;
}

/** Rest for so many times what the last look took. */
const restFactor = 4;

export function createWakes(add: (id: string) => void): Wakes {
  const timers = new Map<string, { readonly timer: NodeJS.Timeout; readonly at: number }>();
  const rests = new Map<string, number>();
  let stopped = false;

  function wake(id: string, within: number): void {
    if (stopped) return;
    const wait = Math.max(within, rests.get(id) ?? 0);
    const at = performance.now() + wait;
    const known = timers.get(id);
    if (known && known.at <= at) return;
    clearTimeout(known?.timer);
    const timer = setTimeout(() => {
      timers.delete(id);
      add(id);
    }, wait);
    timers.set(id, { timer, at });
  }

  return {
    wake,
    took(id, milliseconds) {
      rests.set(id, Math.min(30_000, milliseconds * restFactor));
    },
    isIdle: () => timers.size === 0,
    stop() {
      stopped = true;
      for (const { timer } of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
