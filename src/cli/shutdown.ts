// Turns the first SIGINT or SIGTERM into an abort, so that work under way ends well; a later one ends the process.

/** A terminal sends Ctrl-C to a whole group, and whoever started us may pass it on: the same wish, heard twice. */
const echo = 1_000;

export function shutdownSignal(): AbortSignal {
  const shutdown = new AbortController();
  let firstAt: number | undefined;
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(name, () => {
      const now = performance.now();
      firstAt ??= now;
      if (now - firstAt > echo) process.exit(128 + number);
      shutdown.abort(new Error(`stopped by ${name}`));
    });
  }
  return shutdown.signal;
}

/** Milliseconds that messages under way get to end: Kubernetes kills after 30 s by default. */
export const shutdownGrace = 25_000;
