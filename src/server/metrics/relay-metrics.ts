// What is counted of relays and their probes. What a relay is like is read at each scrape, from what the replica that
// probes it knows; a replica that does not probe tells of none.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Key } from '../../api/resource.ts';
import { durationOf, type ProbeReport, type SmtpRelayStatus } from '../../api/smtp-relay.ts';
import type { RelayView } from '../../relays/relay-meter.ts';
import { createLabelBudget, mostObjects, others } from './label-budget.ts';
import { durationSeconds, type RelayFacts, relayFacts, worstFacts } from './relay-facts.ts';

export interface RelayMetrics {
  probed(report: ProbeReport): void;
  /** At each scrape. */
  show(relays: readonly RelayView[]): void;
}

/** A stage takes milliseconds when all is well, and at most its timeout. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createRelayMetrics(registry: Registry, most = mostObjects): RelayMetrics {
  const stages = new Histogram({
    name: 'relaykeeper_probe_duration_seconds',
    help: 'How long each stage of a probe took.',
    labelNames: ['stage'],
    buckets,
    registers: [registry],
  });
  const probes = new Counter({
    name: 'relaykeeper_probes_total',
    help: 'Probes by outcome, and the reason of a failure.',
    labelNames: ['outcome', 'reason'],
    registers: [registry],
  });
  return {
    probed({ durations, outcome, reason }) {
      probes.inc({ outcome, reason });
      for (const [stage, field] of Object.entries(durationOf)) {
        const seconds = durationSeconds(durations?.[field]);
        if (seconds !== undefined) stages.observe({ stage }, seconds);
      }
    },
    show: relayGauges(registry, most),
  };
}

function relayGauges(registry: Registry, most: number): RelayMetrics['show'] {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['namespace', 'relay'], registers: [registry] });
  const gauges: Readonly<Record<Exclude<keyof RelayFacts, 'ready'>, Gauge>> = {
    success: gauge('relaykeeper_probe_success', 'Whether the last probe of a relay succeeded.'),
    duration: gauge('relaykeeper_probe_last_duration_seconds', 'How long the last probe of a relay took as a whole.'),
    probedAt: gauge('relaykeeper_probe_last_timestamp_seconds', 'When the last probe of a relay ended.'),
    expiresAt: gauge(
      'relaykeeper_certificate_expiry_timestamp_seconds',
      'When the certificate ends, or ended, that was last seen at a relay.',
    ),
  };
  const ready = new Gauge({
    name: 'relaykeeper_relay_ready',
    help: 'Whether a relay is Ready, with the reason.',
    labelNames: ['namespace', 'relay', 'reason'],
    registers: [registry],
  });
  const budget = createLabelBudget(most);

  function set({ namespace, name }: Key, facts: RelayFacts, reason: string): void {
    const labels = { namespace, relay: name };
    for (const [what, each] of Object.entries(gauges)) {
      const value = facts[what as keyof typeof gauges];
      if (value !== undefined) each.set(labels, value);
    }
    if (facts.ready !== undefined) ready.set({ ...labels, reason }, facts.ready);
  }

  return (relays) => {
    budget.retain(relays.map(({ key }) => key));
    for (const each of [...Object.values(gauges), ready]) each.reset();
    let worst = relayFacts();
    for (const { key, status } of relays) {
      const facts = relayFacts(status);
      const named = budget.of(key);
      if (named === others) worst = worstFacts(worst, facts);
      else set(named, facts, readyReason(status));
    }
    set(others, worst, '');
  };
}

function readyReason(status: SmtpRelayStatus | undefined): string {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.reason ?? '';
}
