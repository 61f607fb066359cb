// Writes together what comes together: one write at a time, each with what came while the last was under way.

export interface BatchOptions<Item, Result> {
  /** Resolves when the next batch is taken: what comes until then goes with it. */
  readonly gather: () => Promise<unknown>;
  /** How many of those that wait go together, one at least; absent: all. */
  readonly fitting?: (waiting: readonly Item[]) => number;
  readonly write: (items: readonly Item[]) => Promise<Result>;
}

/** The returned function resolves, or rejects, as the write does that took its item. */
export function createBatches<Item, Result>({
  gather,
  fitting = (items) => items.length,
  write,
}: BatchOptions<Item, Result>): (item: Item) => Promise<Result> {
  let waiting: { readonly item: Item; readonly written: PromiseWithResolvers<Result> }[] = [];
  let running = false;

  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      await gather();
      const batch = waiting.slice(0, fitting(waiting.map(({ item }) => item)));
      waiting = waiting.slice(batch.length);
      const outcome = write(batch.map(({ item }) => item));
      for (const { written } of batch) written.resolve(outcome);
      await outcome.catch(toldToEach);
    }
    running = false;
  };

  return (item) => {
    const written = Promise.withResolvers<Result>();
    waiting.push({ item, written });
    if (!running) void run();
    return written.promise;
  };
}

/** Whoever added an item of the batch has its promise rejected; the next batch is tried all the same. */
function toldToEach(): void {}
