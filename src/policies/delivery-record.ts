// What the delivery history keeps of a message that left the outbox. Pure.
import { keyText } from '../api/resource.ts';
import type { Settled } from '../mail/delivery/deliverer.ts';
import type { DeliveryRecord } from '../mail/delivery-history.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import { droppedByHand, policyDeleted } from './drop-event.ts';
import { maskedReply } from './masked-reply.ts';

/** Undefined where it is still to be tried. */
export function settledRecord({ entry, settlement, relay, reason }: Settled, now: number): DeliveryRecord | undefined {
  if (settlement.kind === 'retry') return undefined;
  const attempt = 'attempt' in settlement ? settlement.attempt : undefined;
  return {
    ...common(entry),
    at: attempt?.at ?? now,
    outcome: outcomes[settlement.kind],
    relay: relay && keyText(relay),
    reason,
    reply: attempt && maskedReply(attempt.reply, entry),
  };
}

/** `said` by a person, or why the operator did. */
export function droppedRecord(entry: OutboxEntry, said: string, now: number): DeliveryRecord {
  const byHand = said !== policyDeleted;
  return {
    ...common(entry),
    at: now,
    outcome: 'Dropped',
    relay: undefined,
    reason: byHand ? droppedByHand : policyDeleted,
    reply: byHand && said !== '' ? said : undefined,
  };
}

const outcomes = { accepted: 'Accepted', dead: 'Refused', dropped: 'Dropped' } as const;

function common({ id, identity, envelope }: OutboxEntry) {
  const { recipient, ...others } = identity;
  return { id, identity: others, redirectedTo: envelope.to === recipient ? undefined : envelope.to };
}
