// Mails that were dropped, in the words of an Event on their policy: `kubectl describe npol`, or events.jsonl.

import { maskAddress } from '../api/mail-address.ts';
import { keyText } from '../api/resource.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import type { PolicyStore } from '../store/policy-store.ts';

/** Of one rule, for one reason. */
export interface DroppedMails {
  /** The first of them. */
  readonly entry: OutboxEntry;
  readonly count: number;
  readonly reason: string;
  /** What the person said who dropped it; undefined where the operator did. */
  readonly said: string | undefined;
  /** Set where a relay refused it for good: which one, and its reply without the address. */
  readonly refusal?: string;
}

type PolicyEvent = Omit<Parameters<PolicyStore['recordPolicyEvent']>[0], 'regarding'>;

/** The reason of what a person dropped. */
export const droppedByHand = 'DroppedByHand';
/** And of what a deleted policy left. */
export const policyDeleted = 'PolicyDeleted';

export function dropEvent({ entry, count, reason, said, refusal }: DroppedMails): PolicyEvent {
  const { id, identity, envelope } = entry;
  const about = `about ${keyText(identity.subject)} to ${maskAddress(envelope.to)}`;
  if (refusal !== undefined) {
    const others = count === 1 ? '' : ` It is one of ${count} since the last event of this kind.`;
    const why = [reason, refusal].filter((part) => part !== '').join(': ');
    const note = `Message ${id} of rule "${identity.rule}" ${about} was refused for good: ${why}${sentenceEnd(why)}${others}`;
    return { type: 'Warning', reason: 'Refused', action: 'SendMessage', note };
  }
  const event = { reason: 'Dropped', action: 'DropMessage' } as const;
  if (reason === droppedByHand) {
    const note = `Message ${id} of rule "${identity.rule}" ${about} was dropped by hand: ${said || 'no reason was given'}`;
    return { ...event, type: 'Normal', note };
  }
  const note =
    count === 1
      ? `Message ${id} of rule "${identity.rule}" ${about} was dropped: ${reason}`
      : `${count} mails of rule "${identity.rule}" were dropped: ${reason}; one of them is message ${id} ${about}`;
  return { ...event, type: 'Warning', note };
}

function sentenceEnd(text: string): string {
  return /[.!?…]$/.test(text) ? '' : '.';
}
