// Bodies that come while a write is under way go together in the next: a storm is not one write a request.

/** The returned function resolves as the write does that took its body. */
export function createTogether<Result>(
  write: (bodies: readonly Buffer[]) => Promise<Result>,
): (body: Buffer) => Promise<Result> {
  let waiting: Waiting<Result>[] = [];
  let running = false;

  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      const batch = firstOf(waiting);
      waiting = waiting.slice(batch.length);
      const result = write(batch.map(({ body }) => body));
      for (const { written } of batch) written.resolve(result);
      await result.catch(toldToEach);
    }
    running = false;
  };

  return (body) => {
    const written = Promise.withResolvers<Result>();
    waiting.push({ body, written });
    // Not at once: what comes in the same turn of the event loop goes together too.
    if (!running) setImmediate(() => void (running || run()));
    return written.promise;
  };
}

interface Waiting<Result> {
  readonly body: Buffer;
  readonly written: PromiseWithResolvers<Result>;
}

const most = { bodies: 256, bytes: 1024 * 1024 };

function firstOf<Result>(waiting: readonly Waiting<Result>[]): Waiting<Result>[] {
  let bytes = 0;
  const end = waiting.slice(0, most.bodies).findIndex(({ body }, index) => {
    bytes += body.length;
    return index > 0 && bytes > most.bytes;
  });
  return waiting.slice(0, end < 0 ? most.bodies : end);
}

/** Whoever waits for the write has its promise rejected; the next is tried all the same. */
function toldToEach(): void {}
