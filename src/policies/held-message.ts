// A run that waits for review, in the words of the rule's status.
import { releaseAnnotation } from '../api/notification-policy.ts';
import { mails } from './rule-outcome.ts';

export interface HeldRun {
  readonly count: number;
  readonly run: string;
  readonly maxPerRun: number;
  /** The value of the release annotation, which releases another run or none. */
  readonly released: string | undefined;
}

export function heldMessage({ count, run, maxPerRun, released }: HeldRun): string {
  const unknown = released === undefined ? '' : ` Its value "${released.slice(0, 64)}" is no run that is held.`;
  return `${mails(count)} would be sent at once, more than spec.maxPerRun (${maxPerRun}); the annotation ${releaseAnnotation}: ${run} sends them.${unknown}`;
}
