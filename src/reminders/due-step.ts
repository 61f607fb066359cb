// Which step of a rule a subject has come to. Steps are calendar days in the rule's zone:
//
//   daysBefore 14, 7, 1        days left   20 … 15 | 14 … 8 | 7 … 2 | 1  0 | ended
//                              step           –    |   14   |   7   |  1   | After, with afterExpiry
//
// A run that was missed is made up for by the nearest step alone: with 5 days left that is 7, and 14 is passed over.
import type { ReminderRule } from '../api/notification-policy.ts';
import { dayMilliseconds, type ZoneClock, zoneClock } from '../api/zone-clock.ts';
import type { Subject } from './subject.ts';

export type Step = number | 'After';

export interface Due {
  readonly step: Step;
  /** Calendar days to the end's; negative afterwards. */
  readonly daysLeft: number;
  /** When the next step comes, or the end: until then it makes sense to send it. */
  readonly until: number;
}

export interface Steps {
  readonly clock: ZoneClock;
  /** Ascending. */
  readonly daysBefore: readonly number[];
  readonly afterExpiry: boolean;
}

export type Ending = Pick<Subject, 'end' | 'createdAt'>;

/** How long after its end something is still worth a word: less than the ledger remembers it, so that it stays one. */
const afterExpiryWindow = 7 * dayMilliseconds;

export function stepsOf({ daysBefore, afterExpiry, timeZone }: ReminderRule): Steps {
  return { clock: zoneClock(timeZone), daysBefore: daysBefore.toSorted((a, b) => a - b), afterExpiry };
}

export function dueStep({ clock, daysBefore, afterExpiry }: Steps, subject: Ending, at: number): Due | undefined {
  const { end } = subject;
  if (end <= at) {
    if (!afterExpiry || at - end >= afterExpiryWindow) return undefined;
    return { step: 'After', daysLeft: clock.day(end) - clock.day(at), until: afterUntil(end, at) };
  }
  // Most subjects end long after any step: no calendar is needed to see that.
  if (end - at > ((daysBefore.at(-1) ?? 0) + 2) * dayMilliseconds) return undefined;
  const daysLeft = clock.day(end) - clock.day(at);
  const index = daysBefore.findIndex((step) => step >= daysLeft);
  const step = daysBefore[index];
  if (step === undefined || isLongerThanLife(step, subject, clock)) return undefined;
  const next = daysBefore[index - 1];
  const until = next === undefined ? end : clock.startOfDay(clock.day(end) - next);
  return { step, daysLeft, until };
}

/** A step that was due before the subject was there would be no reminder, but an echo of its creation. */
function isLongerThanLife(step: number, { end, createdAt }: Ending, clock: ZoneClock): boolean {
  return createdAt !== undefined && step > clock.day(end) - clock.day(createdAt);
}

function afterUntil(end: number, at: number): number {
  return Math.max(end + afterExpiryWindow, at + dayMilliseconds);
}
