// For output that is no terminal: one line each time a relay's Ready says something else than before.
import { timestamp } from '../api/conditions.ts';
import { printable } from '../api/fit-status.ts';
import { keyText } from '../api/resource.ts';
import type { StoredRelay } from '../store/store.ts';
import { readyCondition } from './relay-table.ts';

export interface TransitionLines {
  /** Lines, without line breaks, for what changed since the last call; a relay that was told and is gone has one too. */
  changes(relays: readonly StoredRelay[], now: number): string[];
}

export function createTransitionLines(): TransitionLines {
  let told = new Map<string, string>();
  return {
    changes(relays, now) {
      const current = new Map(relays.flatMap((relay) => statement(relay)));
      const lines = [...current].filter(([key, text]) => told.get(key) !== text).map(([key, text]) => `${key} ${text}`);
      const gone = [...told.keys()].filter((key) => !current.has(key)).map((key) => `${key} Removed`);
      told = current;
      return [...lines, ...gone].map((line) => `${timestamp(now)} ${printable(line)}`);
    },
  };
}

/** Nothing for a relay that nobody has judged yet. */
function statement(relay: StoredRelay): [string, string][] {
  const ready = readyCondition(relay);
  if (!ready) return [];
  const { status, reason, message } = ready;
  return [[keyText(relay.metadata), `Ready=${status} ${reason}${message ? `: ${message}` : ''}`]];
}
