// Waits for a value, but no longer than until a signal aborts.

/** Undefined where the signal aborted first. Takes its listener away again: the signal may live as long as the process. */
export function untilAborted<T>(value: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const leave = () => resolve(undefined);
    signal.addEventListener('abort', leave, { once: true });
    const stay = () => signal.removeEventListener('abort', leave);
    value.finally(stay).then(resolve, reject);
  });
}
