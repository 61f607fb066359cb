// The one place that knows the cron library, and only its calendar: what wall-clock time matches next. What that time is
// in a zone is decided in occurrences.ts, since the library's answer near a clock change depends on when it is asked.
import { CronTime } from 'cron';

export interface CronExpression {
  /** The first matching wall time after this one, both as if in UTC; undefined where there is none for years. */
  readonly nextWall: (after: number) => number | undefined;
  /** Whether the hour is free (`*`): then it runs by the hour, and both hours of a clock set back count. */
  readonly everyHour: boolean;
}

/** The expression must have no fault. */
export function cronExpression(schedule: string): CronExpression {
  const time = new CronTime(schedule, 'UTC');
  return {
    everyHour: fieldsOf(schedule)[1]?.startsWith('*') ?? false,
    nextWall: (after) => nextMatch(time, after),
  };
}

/** What is wrong with a schedule, as a clause; undefined where it can be used. */
export function scheduleFault(schedule: string): string | undefined {
  const fields = fieldsOf(schedule);
  if (fields.length !== fieldNames.length) {
    const found = schedule.trim().startsWith('@') ? 'it is a nickname' : `it has ${fields.length}`;
    return `must be cron with five fields (minute hour day month weekday), such as 0 8 * * *; ${found}`;
  }
  for (const [index, field] of fields.entries()) {
    if (!parses(fields.map((_, other) => (other === index ? field : '*')).join(' '))) {
      return `must have ${fieldNames[index]} of ${ranges[index]}, not "${field}"`;
    }
  }
  // A leap year's start: every date that there is comes within the years after it.
  const some = nextMatch(new CronTime(schedule, 'UTC'), Date.UTC(2000, 0, 1));
  return some === undefined ? 'must name a date that exists; this one never comes' : undefined;
}

const fieldNames = ['a minute', 'an hour', 'a day of the month', 'a month', 'a day of the week'];
const lists = 'with ranges, lists and steps (1-5, 1,15, */10)';
const ranges = [
  `0 to 59 ${lists}`,
  `0 to 23 ${lists}`,
  `1 to 31 ${lists}`,
  `1 to 12 or jan to dec ${lists}`,
  `0 to 7 or sun to sat ${lists}`,
];

function fieldsOf(schedule: string): readonly string[] {
  return schedule.trim().split(/\s+/);
}

function parses(expression: string): boolean {
  return CronTime.validateCronExpression(expression).valid;
}

function nextMatch(time: CronTime, after: number): number | undefined {
  try {
    return time.getNextDateFrom(new Date(after), 'UTC').toMillis();
  } catch (error) {
    // It searches eight years from today, and has no other way to say that it found nothing.
    if (error instanceof Error && error.message.includes('No execution date was found')) return undefined;
    throw error;
  }
}
