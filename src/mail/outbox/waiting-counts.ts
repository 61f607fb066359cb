// How many messages of each rule wait, kept in step with the index: to count them all for every policy would take long.
import { type Key, keyText } from '../../api/resource.ts';
import { ruleId } from '../identity.ts';
import type { OutboxEntry } from './outbox.ts';

type Counted = Pick<OutboxEntry, 'identity' | 'state'>;

export interface WaitingCounts {
  add(entry: Counted): void;
  remove(entry: Counted): void;
  /** By `ruleId`; what is not in it has none. */
  of(policy: Key): ReadonlyMap<string, number>;
}

const none: ReadonlyMap<string, number> = new Map();

export function createWaitingCounts(): WaitingCounts {
  const policies = new Map<string, Map<string, number>>();

  function change({ identity, state }: Counted, by: number): void {
    // Dead ones wait for nobody.
    if (state === 'Dead') return;
    const [policy, rule] = [keyText(identity.policy), ruleId(identity.ruleKind, identity.rule)];
    const counts = policies.get(policy) ?? new Map<string, number>();
    const count = (counts.get(rule) ?? 0) + by;
    if (count > 0) counts.set(rule, count);
    else counts.delete(rule);
    if (counts.size > 0) policies.set(policy, counts);
    else policies.delete(policy);
  }

  return {
    add: (entry) => change(entry, 1),
    remove: (entry) => change(entry, -1),
    of: (policy) => policies.get(keyText(policy)) ?? none,
  };
}
