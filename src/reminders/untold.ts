// Who still has to be told of a subject's step, by what the ledger has.
import { type MessageIdentity, messageId } from '../mail/identity.ts';
import type { Step, Steps } from './due-step.ts';
import { type RuleOf, reminderIdentity } from './reminder-identity.ts';
import type { Subject } from './subject.ts';
import type { Recipient } from './told.ts';

export interface Ledgered extends RuleOf {
  /** Whether the ledger has this id. */
  readonly sent: (id: string) => boolean;
}

export interface SubjectAtStep {
  readonly subject: Subject;
  readonly step: Step;
  readonly steps: Steps;
}

export interface Untold extends Recipient {
  readonly identity: MessageIdentity;
  readonly id: string;
}

/** Whoever was told of this step, or of a later one before a clock was set back, is not told of it again. */
export function untold(
  recipients: readonly Recipient[],
  { subject, step, steps }: SubjectAtStep,
  ledger: Ledgered,
): Untold[] {
  return recipients.flatMap((one) => {
    const identityOf = (which: Step) => reminderIdentity(ledger, subject, { step: which, recipient: one.recipient });
    if (stepsFrom(step, steps).some((which) => ledger.sent(messageId(identityOf(which))))) return [];
    const identity = identityOf(step);
    return [{ ...one, identity, id: messageId(identity) }];
  });
}

/** The step and all that come after it; the likeliest to have been sent first. */
function stepsFrom(step: Step, { daysBefore }: Steps): readonly Step[] {
  if (step === 'After') return [step];
  return [...daysBefore.filter((other) => other <= step).reverse(), 'After'];
}
