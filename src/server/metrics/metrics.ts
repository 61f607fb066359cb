// All metrics of one process, and their text for Prometheus. Names and labels are documented in docs/metrics.md.
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Outbox } from '../../mail/outbox/outbox.ts';
import type { AlarmMeter } from '../../policies/alarms/alarm-deps.ts';
import type { PolicyMeter } from '../../policies/policy-meter.ts';
import type { RelayMeter, RelayView } from '../../relays/relay-meter.ts';
import type { Clock } from '../../store/clock.ts';
import type { ElectionEvent } from '../../store/leader-election.ts';
import type { PolicyStore } from '../../store/policy-store.ts';
import type { Store, StoreProblem } from '../../store/store.ts';
import type { WebhookNews } from '../webhook-deps.ts';
import { createApiMetrics, type SeenRequest } from './api-metrics.ts';
import { createDeliveryMetrics } from './delivery-metrics.ts';
import { createOperatorMetrics } from './operator-metrics.ts';
import { createOutboxMetrics } from './outbox-metrics.ts';
import { createPolicyMetrics } from './policy-metrics.ts';
import { createReconcileMetrics } from './reconcile-metrics.ts';
import { createRelayMetrics } from './relay-metrics.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';

export interface Metrics {
  readonly relays: RelayMeter;
  readonly policies: PolicyMeter;
  readonly alarms: AlarmMeter;
  request(request: SeenRequest): void;
  elected(lease: string, event: ElectionEvent): void;
  problem(problem: StoreProblem): void;
  webhook(news: WebhookNews): void;
  /** What is read at each scrape, from now on. */
  reads(sources: Partial<MetricSources>): void;
  /** Milliseconds that the oldest reconcile under way has taken. */
  longestReconcile(): number;
  scrape(): Promise<Scraped>;
  /** What can be exposed: for those who document it. */
  readonly registry: Pick<Registry, 'getMetricsAsArray'>;
}

export interface MetricSources {
  /** The relays that this replica probes. */
  readonly relays: () => readonly RelayView[];
  /** All relays, whoever probes them. */
  readonly allRelays: Pick<Store, 'list'>;
  readonly policies: Pick<PolicyStore, 'listPolicies' | 'getPolicy'>;
  readonly outbox: Pick<Outbox, 'list'>;
  /** Milliseconds since the API server was last heard of. */
  readonly staleness: () => number;
}

export interface Scraped {
  readonly contentType: string;
  readonly text: string;
}

export interface MetricsOptions {
  readonly version: string;
  readonly clock: Clock;
  /** How many relays, and how many policies, have series of their own. */
  readonly most?: number;
}

export function createMetrics({ version, clock, most }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const operator = createOperatorMetrics(registry, version);
  const reconciles = createReconcileMetrics(registry, clock.monotonic);
  const relays = createRelayMetrics(registry, most);
  const deliveries = createDeliveryMetrics(registry, most);
  const showPolicies = createPolicyMetrics(registry, most);
  const showOutbox = createOutboxMetrics(registry);
  let sources: Partial<MetricSources> = {};
  let underWay: Promise<Scraped> | undefined;

  async function scrape(): Promise<Scraped> {
    relays.show(sources.relays?.() ?? []);
    if (sources.allRelays) await deliveries.retain(sources.allRelays.list());
    if (sources.staleness) operator.showStaleness(sources.staleness());
    if (sources.policies) showPolicies(policyViews(sources.policies));
    if (sources.outbox) showOutbox(await sources.outbox.list(), clock.now());
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  return {
    relays: { reconcile: reconciles.of('SmtpRelay'), probed: (_, report) => relays.probed(report) },
    policies: {
      reconcile: reconciles.of('NotificationPolicy'),
      settled: (event) => deliveries.settled(event, clock.now()),
      dropped: deliveries.dropped,
    },
    alarms: { notified: deliveries.notified, lastResort: (_, outcome) => deliveries.lastResort(outcome) },
    elected: operator.elected,
    problem: operator.problem,
    request: createApiMetrics(registry),
    webhook: createWebhookMetrics(registry),
    longestReconcile: reconciles.longest,
    registry,
    reads(more) {
      sources = { ...sources, ...more };
    },
    // Several who ask at once get the same: a scrape of a full outbox is not done twice.
    scrape() {
      underWay ??= scrape().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
  };
}

/** Gauges with the name of a counter: promtool refuses them. Their values by type are told by others. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

function policyViews({ listPolicies, getPolicy }: MetricSources['policies']) {
  return listPolicies().map((key) => ({ key, status: getPolicy(key)?.status }));
}
