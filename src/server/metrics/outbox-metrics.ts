// What waits in the outbox, looked at when somebody asks.
import { Gauge, type Registry } from 'prom-client';
import type { OutboxEntry, RecordState } from '../../mail/outbox/outbox.ts';

/** At each scrape. */
export type ShowOutbox = (entries: readonly OutboxEntry[], now: number) => void;

export function createOutboxMetrics(registry: Registry): ShowOutbox {
  const messages = new Gauge({
    name: 'relaykeeper_outbox_messages',
    help: 'Messages in the outbox by state; replicas on a cluster share one outbox.',
    labelNames: ['state'],
    registers: [registry],
  });
  const age = new Gauge({
    name: 'relaykeeper_outbox_oldest_age_seconds',
    help: 'For how long the oldest message that is still to be delivered has been in the outbox; 0 with none.',
    registers: [registry],
  });
  return (entries, now) => {
    const counts: Record<RecordState, number> = { Waiting: 0, Leased: 0, Dead: 0 };
    let oldest = now;
    for (const { state, acceptedAt } of entries) {
      counts[state] += 1;
      if (state !== 'Dead') oldest = Math.min(oldest, acceptedAt);
    }
    for (const [state, count] of Object.entries(counts)) messages.set({ state }, count);
    age.set((now - oldest) / 1_000);
  };
}
