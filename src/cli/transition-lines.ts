// For output that is no terminal: one line each time the Ready of a relay or policy says something else than before.
import { timestamp } from '../api/conditions.ts';
import { printable } from '../api/fit-status.ts';
import { type Key, keyText } from '../api/resource.ts';
import { type Judged, readyCondition } from './object-table.ts';

export interface TransitionLines {
  /** A line, without line break, for what changed of this one since the last call; what was told and is gone has one too. */
  change(key: Key, one: Judged | undefined, now: number): string | undefined;
}

/** `prefix` stands before each name. */
export function createTransitionLines(prefix = ''): TransitionLines {
  const told = new Map<string, string>();
  return {
    change(key, one, now) {
      const id = keyText(key);
      const text = one && statement(one);
      if (text === told.get(id)) return undefined;
      if (text === undefined) told.delete(id);
      else told.set(id, text);
      return `${timestamp(now)} ${printable(`${prefix}${id} ${text ?? 'Removed'}`)}`;
    },
  };
}

/** Nothing for what nobody has judged yet. */
function statement(one: Judged): string | undefined {
  const ready = readyCondition(one);
  if (!ready) return undefined;
  const { status, reason, message } = ready;
  return `Ready=${status} ${reason}${message ? `: ${message}` : ''}`;
}
