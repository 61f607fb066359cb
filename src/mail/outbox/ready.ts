// Who wants to know that there may be something to lease.

export interface Ready {
  onReady(listener: () => void): void;
  tell(): void;
}

export function createReady(): Ready {
  const listeners: (() => void)[] = [];
  return {
    onReady: (listener) => void listeners.push(listener),
    tell() {
      for (const listener of listeners) listener();
    },
  };
}
