// Which saved keys have changed. What came and went between two writes was never written and needs no removal.

export interface ChangeLog {
  readonly touch: (key: string) => void;
  /** The key is in what was saved before this book. */
  readonly saved: (key: string) => void;
  /** What to write for the keys touched since the last call, `most` of them; `textOf` answers undefined where a key goes. */
  readonly take: (textOf: (key: string) => string | undefined, most: number) => Map<string, string | undefined>;
  /** Keys touched that were not taken. */
  readonly size: () => number;
}

export function createChangeLog(): ChangeLog {
  const written = new Set<string>();
  const touched = new Set<string>();
  return {
    touch: (key) => touched.add(key),
    saved: (key) => written.add(key),
    size: () => touched.size,
    take: (textOf, most) => {
      let left = most;
      const changes = new Map<string, string | undefined>();
      for (const key of touched) {
        if (left === 0) break;
        left -= 1;
        touched.delete(key);
        const text = textOf(key);
        if (text !== undefined) written.add(key);
        else if (!written.delete(key)) continue;
        changes.set(key, text);
      }
      return changes;
    },
  };
}
