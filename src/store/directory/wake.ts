// A sleep that ends early when someone wakes it, and for good once the signal aborts.

export interface Wake {
  /** Resolves after the time, when woken (also by a call before the sleep), or on abort. */
  sleep(milliseconds: number): Promise<void>;
  wake(): void;
  /** Resolves after the time or on abort; a wake meanwhile is kept for the next sleep. */
  pause(milliseconds: number): Promise<void>;
}

export function createWake(signal: AbortSignal): Wake {
  let woken = false;
  let end: (() => void) | undefined;
  let endPause: (() => void) | undefined;
  const wake = () => {
    woken = true;
    end?.();
  };
  const abort = () => {
    wake();
    endPause?.();
  };
  signal.addEventListener('abort', abort, { once: true });
  const timed = (milliseconds: number, endable: (end: () => void) => void) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      endable(() => {
        clearTimeout(timer);
        resolve();
      });
    });

  return {
    wake,
    async sleep(milliseconds) {
      if (!woken && !signal.aborted) {
        await timed(milliseconds, (now) => {
          end = now;
        });
        end = undefined;
      }
      woken = false;
    },
    async pause(milliseconds) {
      if (signal.aborted) return;
      await timed(milliseconds, (now) => {
        endPause = now;
      });
    },
  };
}
