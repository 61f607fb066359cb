// An entry as lists show it: leased, where its lease has not run out.
import type { Held } from './due-index.ts';
import type { OutboxEntry } from './outbox.ts';

export function entryNow({ entry, at, extra }: Held<{ readonly lease: unknown }>, now: number): OutboxEntry {
  const leased = extra.lease !== undefined && at > now && entry.state === 'Waiting';
  return leased ? { ...entry, state: 'Leased' } : entry;
}
