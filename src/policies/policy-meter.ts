// What may be counted of policies: the port to metrics, which this room knows nothing of.
import type { Settled } from '../mail/delivery/deliverer.ts';
import type { DeliveryRecord } from '../mail/delivery-history.ts';
import type { ReconcileEnd } from '../relays/relay-meter.ts';

export interface PolicyMeter {
  /** A reconcile begins; what is given back is called at its end. */
  reconcile(): (end: ReconcileEnd) => void;
  /** A delivery was tried, or given up. */
  settled(event: Settled): void;
  /** A message was taken out of the outbox untried. */
  dropped(record: DeliveryRecord): void;
}
