// What a rule is going to mail, to whom and when, without sending anything.
import type { ReminderRule } from '../api/notification-policy.ts';
import { openSchedule } from '../api/schedule/schedule.ts';
import { dayMilliseconds } from '../api/zone-clock.ts';
import { type Due, dueStep, type Step, type Steps, stepsOf } from './due-step.ts';
import type { Subject, Subjects } from './subject.ts';
import { digestTold, type Recipient, toldOf } from './told.ts';
import { type Ledgered, untold } from './untold.ts';

export interface UpcomingFacts extends Ledgered {
  readonly rule: ReminderRule;
  readonly subjects: Subjects;
  readonly now: number;
  /** Milliseconds from now. */
  readonly within: number;
  readonly limit: number;
}

export interface Upcoming {
  /** The scheduled instant of the run. */
  readonly at: number;
  readonly subject: Subject;
  readonly due: Due;
  readonly recipients: readonly Recipient[];
}

/** The soonest first. */
export function upcoming(facts: UpcomingFacts): readonly Upcoming[] {
  const { rule, now, within, limit } = facts;
  const steps = stepsOf(rule);
  const runFrom = runsFrom(rule, now);
  const found: Upcoming[] = [];
  for (const subject of facts.subjects) {
    if (subject.kind === 'unusable') continue;
    for (const { earliest, step } of stepStarts(subject, steps, now + within)) {
      const at = runFrom(earliest);
      if (at === undefined || at > now + within) continue;
      const due = dueStep(steps, subject, at);
      // By the time of that run the subject may have come to the next step.
      if (due?.step !== step) continue;
      const told = [...toldOf(subject, rule).recipients, ...digestTold(rule).recipients];
      const recipients = untold(told, { subject, step, steps }, facts).map(({ role, recipient }) => ({
        role,
        recipient,
      }));
      if (recipients.length > 0) found.push({ at, subject, due, recipients });
    }
  }
  return found.sort((a, b) => a.at - b.at || a.subject.end - b.subject.end).slice(0, limit);
}

/** The first run at or after an instant, and after now; asked of the schedule once for each. */
function runsFrom({ schedule, timeZone }: ReminderRule, now: number): (earliest: number) => number | undefined {
  const { next } = openSchedule(schedule, timeZone);
  const known = new Map<number, number | undefined>();
  return (earliest) => {
    const after = Math.max(earliest - 1, now);
    if (!known.has(after)) known.set(after, next(after));
    return known.get(after);
  };
}

interface StepStart {
  readonly step: Step;
  readonly earliest: number;
}

function stepStarts({ end }: Subject, { clock, daysBefore, afterExpiry }: Steps, latest: number): StepStart[] {
  if (end - ((daysBefore.at(-1) ?? 0) + 2) * dayMilliseconds > latest) return [];
  const endDay = clock.day(end);
  const before = daysBefore.map((step) => ({ step, earliest: clock.startOfDay(endDay - step) }));
  return afterExpiry ? [...before, { step: 'After', earliest: end }] : before;
}
