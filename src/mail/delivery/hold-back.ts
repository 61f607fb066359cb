// Which messages stay in the outbox for now: those that no relay of their chain could take. They are told from others by
// what is in memory, and nothing is written, so that an outage costs the same whatever waits. A relay that was down gets a
// few at first.
import { type Key, keyText } from '../../api/resource.ts';
import type { OutboxEntry } from '../outbox/outbox.ts';
import type { Hold } from '../outbox/parked.ts';
import type { Lanes } from './lanes.ts';
import type { RelayDirectory } from './relay-directory.ts';

export interface HoldDeps {
  readonly directory: Pick<RelayDirectory, 'relaysFor'>;
  readonly availability: Pick<Availability, 'mayAsk'>;
  readonly lanes: Pick<Lanes, 'spare'>;
}

/** What is known of relays without a look at their Secrets. */
export interface Availability {
  /** Whether it may be asked just now; the same for all messages of one policy and kind. */
  mayAsk(relay: Key, entry: OutboxEntry): boolean;
  onChange(listener: () => void): void;
}

/** For one round of leasing. */
export function createHold({ directory, availability, lanes }: HoldDeps): Hold {
  const usable = new Map<string, readonly Key[]>();
  const spare = new Map<string, number>();

  function usableOf(name: string, keys: readonly Key[], entry: OutboxEntry): readonly Key[] {
    const known = usable.get(name) ?? keys.filter((key) => availability.mayAsk(key, entry));
    usable.set(name, known);
    return known;
  }

  function hasRoom(key: Key): boolean {
    const relay = keyText(key);
    const left = spare.get(relay) ?? lanes.spare(key);
    spare.set(relay, Math.max(0, left - 1));
    return left > 0;
  }

  return (entry) => {
    const keys = directory.relaysFor(entry);
    // It is to be dropped.
    if (keys.length === 0) return undefined;
    const { policy, ruleKind } = entry.identity;
    const name = [ruleKind, keyText(policy), ...keys.map(keyText)].join(' ');
    return usableOf(name, keys, entry).some(hasRoom) ? undefined : name;
  };
}
