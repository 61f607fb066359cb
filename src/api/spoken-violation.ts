// A violation as a condition says it.
import { type Reason, reasons } from './reasons.ts';
import type { Violation } from './violation.ts';

/** What is wrong with the spec says what would be right; what is wrong with a reference gets its remedy here. */
export function spokenViolation({ reason, fieldPath, message }: Violation): { reason: Reason; message: string } {
  const what = fieldPath === '' ? message : `${fieldPath}: ${message}`;
  const { at, remedy } = reasons[reason];
  return { reason, message: at === 'References' ? `${what}. ${remedy}` : what };
}
