// What became of messages, and how long it took. A relay that is gone takes its series with it.
import { Counter, Histogram, type Registry } from 'prom-client';
import { type Key, keyText } from '../../api/resource.ts';
import type { Settled } from '../../mail/delivery/deliverer.ts';
import type { DeliveryRecord } from '../../mail/delivery-history.ts';
import { createLabelBudget, mostObjects } from './label-budget.ts';

export interface DeliveryMetrics {
  settled(event: Settled, now: number): void;
  dropped(record: DeliveryRecord): void;
  notified(notices: number): void;
  lastResort(outcome: 'told' | 'failed'): void;
  /** Relays that exist; those that do not have no series any more. */
  retain(relays: readonly Key[]): Promise<void>;
}

/** From what goes at once to what waited for its relay for days. */
const buckets = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

export function createDeliveryMetrics(registry: Registry, most = mostObjects): DeliveryMetrics {
  const deliveries = new Counter({
    name: 'relaykeeper_deliveries_total',
    help: 'Tries to deliver a message, and messages given up, by what came of it.',
    labelNames: ['namespace', 'relay', 'kind', 'outcome', 'reason'],
    registers: [registry],
  });
  const latency = new Histogram({
    name: 'relaykeeper_delivery_latency_seconds',
    help: 'From a message being in the outbox to a relay having accepted it.',
    labelNames: ['kind'],
    buckets,
    registers: [registry],
  });
  const notifications = new Counter({
    name: 'relaykeeper_alarm_notifications_total',
    help: 'Notices about groups of alarms whose mails were brought to the outbox.',
    registers: [registry],
  });
  const lastResorts = new Counter({
    name: 'relaykeeper_last_resort_total',
    help: 'Calls of spec.lastResort, since no relay of a policy works or one does again, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of ['told', 'failed']) lastResorts.inc({ outcome }, 0);
  const budget = createLabelBudget(most);

  function count(relay: Key | undefined, rest: { kind: string; outcome: string; reason: string }): void {
    const { namespace, name } = relay ? budget.of(relay) : noRelay;
    deliveries.inc({ namespace, relay: name, ...rest });
  }

  return {
    settled({ entry, settlement, relay, reason }, now) {
      const kind = entry.identity.ruleKind;
      // Given back untried: its relay was busy, or the program stops.
      if (settlement.kind === 'retry' && !settlement.attempt) return;
      count(relay, { kind, outcome: outcomes[settlement.kind], reason: reasonLabel(reason) });
      if (settlement.kind === 'accepted') latency.observe({ kind }, Math.max(0, now - entry.acceptedAt) / 1_000);
    },
    dropped({ identity, reason }) {
      count(undefined, { kind: identity.ruleKind, outcome: outcomes.dropped, reason: reasonLabel(reason) });
    },
    notified: (notices) => notifications.inc(notices),
    lastResort: (outcome) => lastResorts.inc({ outcome }),
    async retain(relays) {
      const gone = new Set(budget.retain(relays).map(keyText));
      if (gone.size === 0) return;
      const { values } = await deliveries.get();
      for (const { labels } of values) {
        if (gone.has(`${labels.namespace}/${labels.relay}`)) deliveries.remove(labels);
      }
    },
  };
}

const noRelay: Key = { namespace: '', name: '' };

/** As status has them; a temporary refusal is no outcome there. */
const outcomes = { accepted: 'Accepted', dead: 'Refused', dropped: 'Dropped', retry: 'Deferred' } as const;

/** Of a closed table; were it ever a text, each text would make a series. */
function reasonLabel(reason: string | undefined): string {
  if (reason === undefined) return '';
  return /^[A-Za-z0-9]{1,64}$/.test(reason) ? reason : 'Other';
}
