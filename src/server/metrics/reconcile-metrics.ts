// How many reconciles there were, how long they took, and how long the longest one under way has been at it.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ReconcileEnd } from '../../relays/relay-meter.ts';

export interface ReconcileMetrics {
  /** What it gives back begins one, and gives back what ends it. */
  of(kind: string): () => (end: ReconcileEnd) => void;
  /** Milliseconds; 0 where none is under way. */
  longest(): number;
}

/** A policy that mails thousands takes minutes. */
const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

export function createReconcileMetrics(registry: Registry, monotonic: () => number): ReconcileMetrics {
  const registers = [registry];
  const total = new Counter({
    name: 'relaykeeper_reconciles_total',
    help: 'Reconciles by kind and result.',
    labelNames: ['kind', 'result'],
    registers,
  });
  const duration = new Histogram({
    name: 'relaykeeper_reconcile_duration_seconds',
    help: 'How long reconciles took, by kind; that of a relay includes its probe.',
    labelNames: ['kind'],
    buckets,
    registers,
  });
  const underWay = new Gauge({
    name: 'relaykeeper_reconciles_under_way',
    help: 'Reconciles that are under way now, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const begun = new Set<{ readonly at: number }>();
  return {
    of: (kind) => {
      total.inc({ kind, result: 'done' }, 0);
      total.inc({ kind, result: 'bug' }, 0);
      return () => {
        const one = { at: monotonic() };
        begun.add(one);
        underWay.inc({ kind });
        return (result) => {
          if (!begun.delete(one)) return;
          underWay.dec({ kind });
          total.inc({ kind, result });
          duration.observe({ kind }, (monotonic() - one.at) / 1_000);
        };
      };
    },
    longest: () => {
      // In the order that they began.
      const [first] = begun;
      return first ? monotonic() - first.at : 0;
    },
  };
}
