// What a rule is going to mail, to whom and when, without sending anything.
import type { ReminderRule } from '../api/notification-policy.ts';
import { firstRunAfter } from '../api/schedule/first-run-after.ts';
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
  const found = createSoonest(limit);
  for (const subject of facts.subjects) {
    if (subject.kind === 'unusable' || !found.takes({ at: soonestOf(subject, steps), subject })) continue;
    for (const { earliest, step } of stepStarts(subject, steps, now + within)) {
      if (earliest > now + within || !found.takes({ at: earliest, subject })) continue;
      const at = runFrom(earliest);
      // Before the calendar and the ledger are asked: of a hundred thousand but the first few are wanted.
      if (at === undefined || at > now + within || !found.takes({ at, subject })) continue;
      const due = dueStep(steps, subject, at);
      // By the time of that run the subject may have come to the next step.
      if (due?.step !== step) continue;
      const told = [...toldOf(subject, rule).recipients, ...digestTold(rule).recipients];
      const recipients = untold(told, { subject, step, steps }, facts).map(({ role, recipient }) => ({
        role,
        recipient,
      }));
      if (recipients.length > 0) found.add({ at, subject, due, recipients });
    }
  }
  return found.all();
}

type Place = Pick<Upcoming, 'at' | 'subject'>;

function bySoonest(one: Place, other: Place): number {
  return one.at - other.at || one.subject.end - other.subject.end;
}

/** The soonest so many; of equals, those that came first. Sorted once in a while: each time it has doubled. */
function createSoonest(limit: number) {
  let kept: Upcoming[] = [];
  let last: Upcoming | undefined;
  const cut = () => {
    kept = kept.sort(bySoonest).slice(0, limit);
    last = kept[limit - 1];
  };
  return {
    takes: (place: Place) => last === undefined || bySoonest(place, last) < 0,
    add(one: Upcoming) {
      kept.push(one);
      if (kept.length >= 2 * limit || (last === undefined && kept.length === limit)) cut();
    },
    all(): readonly Upcoming[] {
      cut();
      return kept;
    },
  };
}

/** The first run at or after an instant, and after now. */
function runsFrom({ schedule, timeZone }: ReminderRule, now: number): (earliest: number) => number | undefined {
  const firstRun = firstRunAfter(openSchedule(schedule, timeZone));
  return (earliest) => firstRun(Math.max(earliest - 1, now));
}

interface StepStart {
  readonly step: Step;
  readonly earliest: number;
}

/** No step of it comes before; without a calendar, as it is asked of a hundred thousand. */
function soonestOf({ end }: Pick<Subject, 'end'>, { daysBefore }: Pick<Steps, 'daysBefore'>): number {
  return end - ((daysBefore.at(-1) ?? 0) + 2) * dayMilliseconds;
}

function stepStarts({ end }: Subject, { clock, daysBefore, afterExpiry }: Steps, latest: number): StepStart[] {
  if (soonestOf({ end }, { daysBefore }) > latest) return [];
  const endDay = clock.day(end);
  const before = daysBefore.map((step) => ({ step, earliest: clock.startOfDay(endDay - step) }));
  return afterExpiry ? [...before, { step: 'After', earliest: end }] : before;
}
