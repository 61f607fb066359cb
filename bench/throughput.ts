// How many of a task end in a second when so many run at once.

/** The task must throw where it did not do what is measured: a fast failure is no result. */
export async function perSecond(task: () => Promise<void>, { concurrency, milliseconds }: Load): Promise<number> {
  const start = performance.now();
  let done = 0;
  const worker = async () => {
    while (performance.now() - start < milliseconds) {
      await task();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return done / ((performance.now() - start) / 1000);
}

export interface Load {
  readonly concurrency: number;
  readonly milliseconds: number;
}
