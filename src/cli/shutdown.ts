// Turns the first SIGINT or SIGTERM into an abort, so that work under way ends well; a second one ends the process.

export function shutdownSignal(): AbortSignal {
  const shutdown = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      shutdown.abort(new Error(`stopped by ${name}`));
    });
  }
  return shutdown.signal;
}

/** Milliseconds that messages under way get to end: Kubernetes kills after 30 s by default. */
export const shutdownGrace = 25_000;
