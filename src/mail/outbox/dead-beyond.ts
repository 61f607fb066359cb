// Dead messages are kept to be looked at, so many and no more, so that they never stand in the way of what is to be sent.
import type { OutboxEntry } from './outbox.ts';

/** The oldest of the dead that are more than may be kept. */
export function deadBeyond(most: number, dead: ReadonlyMap<string, { readonly entry: OutboxEntry }>): OutboxEntry[] {
  if (dead.size <= most) return [];
  const entries = [...dead.values()].map(({ entry }) => entry).sort((a, b) => diedAt(a) - diedAt(b));
  return entries.slice(0, entries.length - most);
}

export function droppedDead({ id, identity, deadReason }: OutboxEntry, most: number): string {
  const { policy, rule } = identity;
  return `More than ${most} messages are dead: the oldest, ${id} of rule "${rule}" of NotificationPolicy ${policy.namespace}/${policy.name} (${deadReason}), was dropped.`;
}

function diedAt({ lastAttempt, acceptedAt }: OutboxEntry): number {
  return lastAttempt?.at ?? acceptedAt;
}
