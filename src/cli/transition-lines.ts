// For output that is no terminal: one line each time the Ready of a relay or policy says something else than before.
import { timestamp } from '../api/conditions.ts';
import { printable } from '../api/fit-status.ts';
import { keyText } from '../api/resource.ts';
import { type Judged, readyCondition } from './object-table.ts';

export interface TransitionLines {
  /** Lines, without line breaks, for what changed since the last call; one that was told and is gone has one too. */
  changes(objects: readonly Judged[], now: number): string[];
}

/** `prefix` stands before each name. */
export function createTransitionLines(prefix = ''): TransitionLines {
  let told = new Map<string, string>();
  return {
    changes(objects, now) {
      const current = new Map(objects.flatMap((one) => statement(one)));
      const lines = [...current]
        .filter(([key, text]) => told.get(key) !== text)
        .map(([key, text]) => `${prefix}${key} ${text}`);
      const gone = [...told.keys()].filter((key) => !current.has(key)).map((key) => `${prefix}${key} Removed`);
      told = current;
      return [...lines, ...gone].map((line) => `${timestamp(now)} ${printable(line)}`);
    },
  };
}

/** Nothing for what nobody has judged yet. */
function statement(one: Judged): [string, string][] {
  const ready = readyCondition(one);
  if (!ready) return [];
  const { status, reason, message } = ready;
  return [[keyText(one.metadata), `Ready=${status} ${reason}${message ? `: ${message}` : ''}`]];
}
