// What is wrong with a body: the first fault counts, and where it is.
import type { ParsedPayload } from './incoming-alarm.ts';

export interface Faults {
  /** Undefined while there is none. */
  readonly first: () => Extract<ParsedPayload, { kind: 'refused' }> | undefined;
  readonly add: (path: string, message: string) => void;
}

export function createFaults(): Faults {
  let first: Extract<ParsedPayload, { kind: 'refused' }> | undefined;
  return {
    first: () => first,
    add: (path, message) => {
      first ??= { kind: 'refused', path, message };
    },
  };
}

/** RFC 9535's normalized path reads badly; names that need no quotes go without. */
export function memberPath(path: string, name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name.slice(0, 100))}]`;
}
