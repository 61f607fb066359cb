// What the conditions say of a spec, the same for every kind: whether it can be used, and what it refers to.
import type { DesiredCondition } from './conditions.ts';
import { isReason, reasons } from './reasons.ts';
import { spokenViolation } from './spoken-violation.ts';
import type { Violation } from './violation.ts';

export const accepted: DesiredCondition = {
  type: 'Accepted',
  status: 'True',
  reason: 'Accepted',
  message: 'The spec is valid',
};

export const referencesResolved: DesiredCondition = {
  type: 'ReferencesResolved',
  status: 'True',
  reason: 'Resolved',
  message: 'Everything that the spec refers to exists and can be used',
};

/** The spec cannot be used. */
export function rejected(violation: Violation): DesiredCondition[] {
  const { reason, message } = spokenViolation(violation);
  return [
    { type: 'Ready', status: 'False', reason, message },
    { type: 'Stalled', status: 'True', reason, message },
    { type: 'Accepted', status: 'False', reason, message },
  ];
}

/** Something that the spec refers to cannot be used. */
export function unresolved(violation: Violation): DesiredCondition[] {
  const { reason, message } = spokenViolation(violation);
  return [
    { type: 'Ready', status: 'False', reason, message },
    ...stalled(reason, message),
    accepted,
    { type: 'ReferencesResolved', status: 'False', reason, message },
  ];
}

/** Stalled where only an edit of the spec, or of what it refers to, can help (kstatus: Failed, so that nobody waits in vain). */
export function stalled(reason: string, message: string): DesiredCondition[] {
  const onlyAnEditHelps = isReason(reason) && reasons[reason].retry === 'onChange';
  return onlyAnEditHelps ? [{ type: 'Stalled', status: 'True', reason, message }] : [];
}
