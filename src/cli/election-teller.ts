// Logs who holds a lease, once for each change: a candidate asks again every two seconds.
import type { Log } from '../relays/relay-deps.ts';
import type { Metrics } from '../server/metrics/metrics.ts';
import type { ElectionEvent } from '../store/leader-election.ts';

export interface LeaseWords {
  readonly lease: string;
  /** What its holder does: `probes`. */
  readonly does: string;
}

export interface ElectionListeners {
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'elected'> | undefined;
}

export function electionTeller(
  { lease, does }: LeaseWords,
  { log, metrics }: ElectionListeners,
): (event: ElectionEvent) => void {
  let last = '';
  return (event) => {
    metrics?.elected(lease, event);
    const words = electionWords(event, does);
    if (words === last) return;
    last = words;
    if (event.kind === 'failed') log.error({ lease }, words);
    else log.info({ lease }, words);
  };
}

function electionWords(event: ElectionEvent, does: string): string {
  switch (event.kind) {
    case 'elected':
      return `this replica ${does}`;
    case 'waiting':
      return event.holder ? `${event.holder} ${does}` : 'waiting for the lease';
    case 'ended':
      return `this replica no longer ${does}`;
    case 'failed':
      return event.message;
  }
}
