// When the last resort is told: no relay of the policy works while its alarm mails wait, and once that is over. Pure.
import { isObject } from '../../api/json.ts';

/** An outage that was told, as the journal has it. */
export interface ToldOutage {
  /** Since when mails waited, milliseconds since the epoch. */
  readonly since: number;
}

export interface OutageFacts {
  readonly told: ToldOutage | undefined;
  /** Some relay of the policy takes mail, as far as is known. */
  readonly works: boolean;
  /** When the oldest alarm mail that waits was accepted. */
  readonly waitsSince: number | undefined;
  readonly now: number;
}

export type OutageNews =
  | { readonly kind: 'none' }
  | { readonly kind: 'begins'; readonly since: number }
  | { readonly kind: 'ends'; readonly since: number };

/** A mail that waits so long is late: a relay that only rests between two tries is back by then. */
const patience = 60_000;

export function outageNews({ told, works, waitsSince, now }: OutageFacts): OutageNews {
  if (told) {
    // A relay that nobody has tried yet since a restart seems to work, too: the mails tell.
    const isOver = works && (waitsSince === undefined || waitsSince > told.since);
    return isOver ? { kind: 'ends', since: told.since } : { kind: 'none' };
  }
  const isLate = waitsSince !== undefined && now >= waitsSince + patience;
  return isLate && !works ? { kind: 'begins', since: waitsSince } : { kind: 'none' };
}

/** Undefined for what was not written here. */
export function parseOutage(text: string | undefined): ToldOutage | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && typeof value.since === 'number' ? { since: value.since } : undefined;
  } catch {
    // Damaged: it is told once more.
    return undefined;
  }
}
