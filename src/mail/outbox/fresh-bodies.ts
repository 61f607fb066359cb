// Bodies of messages that were just accepted and are about to be leased for the first time, so that most files are never
// read. Each leaves with that lease, or when its message is dropped: a password stays here no longer than in its file.

export interface FreshBodies {
  /** Not kept where there is no room: what came first is leased first. */
  put(id: string, raw: Buffer): void;
  /** Undefined: the file has it. */
  take(id: string): Buffer | undefined;
}

/** Some thousand mails; those of a longer queue wait for so long that reading a file makes no difference. */
const room = 16 * 1_024 * 1_024;

export function createFreshBodies(maxBytes: number = room): FreshBodies {
  const bodies = new Map<string, Buffer>();
  let bytes = 0;
  return {
    put(id, raw) {
      if (bodies.has(id) || bytes + raw.length > maxBytes) return;
      bodies.set(id, raw);
      bytes += raw.length;
    },
    take(id) {
      const raw = bodies.get(id);
      if (!raw) return undefined;
      bodies.delete(id);
      bytes -= raw.length;
      return raw;
    },
  };
}
