// Writes together what comes together: one write at a time, each with all that came while the last was under way.
import type { Clock } from '../../store/clock.ts';

export interface BatchOptions<Item> {
  /** How long the first of a batch waits for others. */
  readonly waitMs: number;
  readonly clock: Clock;
  readonly write: (items: readonly Item[]) => Promise<void>;
}

/** The returned function resolves, or rejects, as the write does that took its item. */
export function createBatches<Item>({ waitMs, clock, write }: BatchOptions<Item>): (item: Item) => Promise<void> {
  let waiting: { readonly item: Item; readonly written: PromiseWithResolvers<void> }[] = [];
  let running = false;

  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      await clock.sleep(waitMs, never);
      const batch = waiting;
      waiting = [];
      const outcome = write(batch.map(({ item }) => item));
      for (const { written } of batch) written.resolve(outcome);
      await outcome.catch(toldToEach);
    }
    running = false;
  };

  return (item) => {
    const written = Promise.withResolvers<void>();
    waiting.push({ item, written });
    if (!running) void run();
    return written.promise;
  };
}

const never = new AbortController().signal;

/** Whoever added an item of the batch has its promise rejected; the next batch is tried all the same. */
function toldToEach(): void {}
