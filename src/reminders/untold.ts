// Who still has to be told of a subject's step, by what the ledger has.
import { messageId } from '../mail/identity.ts';
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
  /** Of the reminder's identity. */
  readonly id: string;
}

/** Whoever was told of this step, or of a later one before a clock was set back, is not told of it again. */
export function untold(
  recipients: readonly Recipient[],
  { subject, step, steps }: SubjectAtStep,
  ledger: Ledgered,
): Untold[] {
  return recipients.flatMap(({ role, recipient }) => {
    const idOf = (which: Step) => messageId(reminderIdentity(ledger, subject, { step: which, recipient }));
    const id = idOf(step);
    if (ledger.sent(id) || stepsAfter(step, steps).some((which) => ledger.sent(idOf(which)))) return [];
    return [{ role, recipient, id }];
  });
}

function stepsAfter(step: Step, { daysBefore }: Steps): readonly Step[] {
  if (step === 'After') return [];
  return [...daysBefore.filter((other) => other < step).reverse(), 'After'];
}
