// Runs tasks of one key one after another, tasks of different keys at once.

export type Serially = <Result>(key: string, task: () => Promise<Result>) => Promise<Result>;

export function createSerially(): Serially {
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const previous = last.get(key) ?? Promise.resolve();
    const result = previous.then(task, task);
    last.set(key, result);
    const tidy = () => {
      if (last.get(key) === result) last.delete(key);
    };
    result.then(tidy, tidy);
    return result;
  };
}

/** All one after another, in the order of asking. */
export function createTurns(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const serially = createSerially();
  return (task) => serially('', task);
}
