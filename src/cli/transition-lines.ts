// For output that is no terminal: one line each time a relay's Ready says something else than before.
import { timestamp } from '../api/conditions.ts';
import { printable } from '../api/fit-status.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { StoredRelay } from '../store/store.ts';
import { readyCondition } from './relay-table.ts';

export interface TransitionLines {
  /** A line, without line break, for what changed of this relay since the last call; one that was told and is gone has one too. */
  change(key: Key, relay: StoredRelay | undefined, now: number): string | undefined;
}

export function createTransitionLines(): TransitionLines {
  const told = new Map<string, string>();
  return {
    change(key, relay, now) {
      const id = keyText(key);
      const text = relay && statement(relay);
      if (text === told.get(id)) return undefined;
      if (text === undefined) told.delete(id);
      else told.set(id, text);
      return `${timestamp(now)} ${printable(`${id} ${text ?? 'Removed'}`)}`;
    },
  };
}

/** Nothing for a relay that nobody has judged yet. */
function statement(relay: StoredRelay): string | undefined {
  const ready = readyCondition(relay);
  if (!ready) return undefined;
  const { status, reason, message } = ready;
  return `Ready=${status} ${reason}${message ? `: ${message}` : ''}`;
}
