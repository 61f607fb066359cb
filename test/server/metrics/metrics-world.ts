// Metrics as a whole, fed by hand, and what a scrape of them says.
import type { SmtpRelayStatus } from '../../../src/api/smtp-relay.ts';
import type { Settled } from '../../../src/mail/delivery/deliverer.ts';
import type { OutboxEntry, Settlement } from '../../../src/mail/outbox/outbox.ts';
import type { RelayView } from '../../../src/relays/relay-meter.ts';
import { createMetrics, type Metrics } from '../../../src/server/metrics/metrics.ts';

export const start = Date.UTC(2026, 10, 24, 8);

export interface MetricsWorld {
  readonly metrics: Metrics;
  pass(milliseconds: number): void;
  /** The samples of one metric, sorted: `name{labels} value` without its name. */
  samples(name: string): Promise<readonly string[]>;
}

export function openMetrics({ most }: { readonly most?: number } = {}): MetricsWorld {
  let now = start;
  const clock = { now: () => now, monotonic: () => now - start, sleep: () => Promise.resolve() };
  const metrics = createMetrics({ version: '1.2.3', clock, ...(most !== undefined && { most }) });
  return {
    metrics,
    pass: (milliseconds) => {
      now += milliseconds;
    },
    async samples(name) {
      const { text } = await metrics.scrape();
      const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      return lines.map((line) => line.slice(name.length).trim()).sort();
    },
  };
}

export function view(name: string, status: SmtpRelayStatus | undefined, namespace = 'mail'): RelayView {
  return { key: { namespace, name }, status };
}

export function probed(outcome: 'Succeeded' | 'Failed', more: Partial<SmtpRelayStatus> = {}): SmtpRelayStatus {
  const time = new Date(start).toISOString();
  const reason = outcome === 'Succeeded' ? 'Succeeded' : 'ConnectionRefused';
  const status = outcome === 'Succeeded' ? 'True' : 'False';
  return {
    conditions: [{ type: 'Ready', status, reason, message: '', lastTransitionTime: time, observedGeneration: 1 }],
    lastProbe: {
      ...{ time, outcome, depth: 'Auth', reason, message: '' },
      durations: { connect: '2ms', tls: '1s500ms', total: '1s502ms' },
    },
    ...more,
  };
}

export function entry(more: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    ...{ id: 'id', envelope: { from: 'a@example.com', to: 'b@example.com' }, subject: 's', confidential: false },
    ...{ deliverBy: start + 1, acceptedAt: start, seen: '', rememberUntil: undefined, state: 'Waiting', attempts: 0 },
    ...{ notBefore: start, lastAttempt: undefined, deadReason: undefined, bytes: 1 },
    identity: {
      ...{ policy: { namespace: 'mail', name: 'guests' }, ruleKind: 'Credentials', rule: 'r' },
      ...{ subject: { namespace: 'mail', name: 'jane' }, occasion: 'o', recipient: 'b@example.com', part: 'Main' },
    },
    ...more,
  };
}

export const corporate = { namespace: 'mail', name: 'corporate' };

export function settled(settlement: Settlement, more: Partial<Settled> = {}): Settled {
  return {
    ...{ entry: entry(), messageId: undefined, settlement, relay: corporate, reason: undefined, unknown: false },
    ...more,
  };
}

export function attempt(at: number) {
  return { at, relay: corporate, reply: '250 ok' };
}
