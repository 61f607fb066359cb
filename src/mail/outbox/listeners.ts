// Who wants to be told of something.

export interface Listeners<Told extends readonly unknown[] = []> {
  readonly listen: (listener: (...told: Told) => void) => void;
  readonly tell: (...told: Told) => void;
}

export function createListeners<Told extends readonly unknown[] = []>(): Listeners<Told> {
  const listeners: ((...told: Told) => void)[] = [];
  return {
    listen: (listener) => void listeners.push(listener),
    tell(...told) {
      for (const listener of listeners) listener(...told);
    },
  };
}
