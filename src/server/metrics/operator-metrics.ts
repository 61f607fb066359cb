// The operator itself: its version, the leases that it holds, and what it cannot reach.
import { Gauge, type Registry } from 'prom-client';
import type { ElectionEvent } from '../../store/leader-election.ts';
import type { StoreProblem } from '../../store/store.ts';

export interface OperatorMetrics {
  elected(lease: string, event: ElectionEvent): void;
  problem(problem: StoreProblem): void;
  /** At each scrape: since the API server was last heard of. */
  showStaleness(milliseconds: number): void;
}

export function createOperatorMetrics(registry: Registry, version: string): OperatorMetrics {
  const registers = [registry];
  const labelNames = ['version', 'node'] as const;
  new Gauge({
    name: 'relaykeeper_build_info',
    help: 'The version of Relaykeeper and of Node; always 1.',
    labelNames,
    registers,
  }).set({ version, node: process.versions.node }, 1);
  const holder = new Gauge({
    name: 'relaykeeper_lease_holder',
    help: 'Whether this replica holds a lease.',
    labelNames: ['lease'],
    registers,
  });
  const problems = new Gauge({
    name: 'relaykeeper_store_problems',
    help: 'What cannot be read, watched or written now; the log says what.',
    registers,
  });
  const staleness = new Gauge({
    name: 'relaykeeper_watch_staleness_seconds',
    help: 'Since the API server was last heard of about SmtpRelays; a quiet watch tells something about once a minute.',
    registers,
  });
  const open = new Set<string>();
  return {
    elected(lease, { kind }) {
      // A renewal that failed says nothing yet: the term ends by itself.
      if (kind === 'failed') return;
      holder.set({ lease }, kind === 'elected' ? 1 : 0);
    },
    problem({ subject, message, warning = false }) {
      if (message === undefined || warning) open.delete(subject);
      else open.add(subject);
      problems.set(open.size);
    },
    showStaleness: (milliseconds) => staleness.set(milliseconds / 1_000),
  };
}
