// What may be counted of relays: the port to metrics, which this room knows nothing of.
import type { Key } from '../api/resource.ts';
import type { ProbeReport, SmtpRelayStatus } from '../api/smtp-relay.ts';

export interface RelayMeter {
  /** A reconcile begins; what is given back is called at its end. */
  reconcile(): (end: ReconcileEnd) => void;
  /** A probe came to its end. */
  probed(key: Key, report: ProbeReport): void;
}

/** `bug`: it threw, and nobody knows what it left undone. */
export type ReconcileEnd = 'done' | 'bug';

/** A relay as it is known at this moment; the store's status may be as old as the heartbeat. */
export interface RelayView {
  readonly key: Key;
  readonly status: SmtpRelayStatus | undefined;
}
