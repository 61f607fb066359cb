// An outbox without a disk, for tests of what comes after it.
import { keyText } from '../../../src/api/resource.ts';
import { ruleId } from '../../../src/mail/identity.ts';
import type { Lease, Outbox, OutboxEntry, OutboxMessage, Settlement } from '../../../src/mail/outbox/outbox.ts';

interface Kept {
  readonly raw: Buffer;
  entry: OutboxEntry;
  leasedUntil: number;
}

export interface MemoryOutbox extends Outbox {
  readonly settlements: readonly { readonly id: string; readonly settlement: Settlement }[];
  /** How often `settle` says that it cannot, from now on; where it was written before, the first one says so. */
  failSettling(times: number, options?: { readonly written: boolean }): void;
}

export function createMemoryOutbox(now: () => number = Date.now): MemoryOutbox {
  const kept = new Map<string, Kept>();
  const sent = new Set<string>();
  const settlements: { id: string; settlement: Settlement }[] = [];
  const listeners: (() => void)[] = [];
  let failing = 0;
  let written = false;
  const ready = () => {
    for (const listener of listeners) listener();
  };

  function settle(id: string, settlement: Settlement): 'settled' | 'lost' | 'unavailable' {
    const one = kept.get(id);
    if (!one) return 'lost';
    if (failing > 0) {
      failing -= 1;
      return 'unavailable';
    }
    settlements.push({ id, settlement });
    one.leasedUntil = 0;
    if (settlement.kind === 'retry') {
      const { notBefore, attempt, unreached } = settlement;
      const attempts = one.entry.attempts + (attempt && !unreached ? 1 : 0);
      one.entry = {
        ...one.entry,
        state: 'Waiting',
        notBefore,
        attempts,
        lastAttempt: attempt ?? one.entry.lastAttempt,
      };
    } else if (settlement.kind === 'dead') {
      one.entry = { ...one.entry, state: 'Dead', deadReason: settlement.reason, lastAttempt: settlement.attempt };
    } else {
      kept.delete(id);
      if (settlement.kind === 'accepted') sent.add(id);
    }
    ready();
    return 'settled';
  }

  return {
    settlements,
    failSettling(times, options) {
      failing = times;
      written = options?.written ?? false;
    },
    async accept(message) {
      if (kept.has(message.id) || sent.has(message.id)) return { kind: 'known' };
      kept.set(message.id, { raw: message.raw, entry: entryOf(message), leasedUntil: 0 });
      ready();
      return { kind: 'accepted' };
    },
    async lease({ now: at, limit, leaseFor, hold = () => undefined }) {
      const leases: Lease[] = [];
      for (const [id, one] of kept) {
        if (leases.length === limit) break;
        if (one.entry.state === 'Dead' || one.leasedUntil > at || one.entry.notBefore > at) continue;
        if (one.entry.deliverBy >= at && hold(one.entry) !== undefined) continue;
        one.leasedUntil = at + leaseFor;
        one.entry = { ...one.entry, state: 'Leased' };
        leases.push({
          entry: one.entry,
          raw: one.raw,
          isHeld: () => kept.get(id) === one,
          settle: async (settlement, onWritten) => {
            if (written) onWritten?.();
            return settle(id, settlement);
          },
        });
      }
      return leases;
    },
    nextAt() {
      const waiting = [...kept.values()].filter(
        ({ entry, leasedUntil }) => entry.state !== 'Dead' && leasedUntil <= now(),
      );
      return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ entry }) => entry.notBefore));
    },
    list: async () => [...kept.values()].map(({ entry }) => entry),
    waiting(policy) {
      const entries = [...kept.values()].map(({ entry }) => entry).filter(({ state }) => state !== 'Dead');
      const hers = entries.filter(({ identity }) => keyText(identity.policy) === keyText(policy));
      return new Map([...Map.groupBy(hers, idOfRule)].map(([id, all]) => [id, all.length]));
    },
    read: async (id) => kept.get(id)?.raw,
    async retry(id) {
      const one = kept.get(id);
      if (!one) return false;
      one.entry = { ...one.entry, state: 'Waiting', notBefore: 0 };
      ready();
      return true;
    },
    drop: async (id) => kept.delete(id),
    onReady(listener) {
      listeners.push(listener);
    },
    onDropped: () => undefined,
    close: async () => undefined,
  };
}

function idOfRule({ identity }: OutboxEntry): string {
  return ruleId(identity.ruleKind, identity.rule);
}

function entryOf({ raw, ...message }: OutboxMessage): OutboxEntry {
  return {
    ...message,
    state: 'Waiting',
    attempts: 0,
    notBefore: 0,
    lastAttempt: undefined,
    deadReason: undefined,
    bytes: raw.length,
  };
}
