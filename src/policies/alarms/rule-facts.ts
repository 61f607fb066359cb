// What an alarm rule's status says of it. Nothing in it moves by time alone: a steady system writes no status.

import type { AlarmBookView, AlarmWait } from '../../alarms/alarm-book.ts';
import { mostGroups, remembered } from '../../alarms/book/take-alarms.ts';
import { timestamp } from '../../api/conditions.ts';
import type { RuleStatus } from '../../api/notification-policy.ts';

export type AlarmRuleFacts = Required<Pick<RuleStatus, 'subjects' | 'groups' | 'held'>> & Pick<RuleStatus, 'message'>;

/** `problems` are sentences about what could not be told, or looked at. */
export function alarmRuleFacts(view: AlarmBookView, problems: readonly string[]): AlarmRuleFacts {
  const message = [...refusing(view), ...waiting(view), ...problems].join(' ').slice(0, longestMessage);
  const active = view.groups.filter(({ firing }) => firing > 0);
  return {
    subjects: view.firing,
    groups: active.length,
    held: view.held + quietGroups(view),
    ...(message !== '' && { message }),
  };
}

const longestMessage = 1_024;

export const tooMany = `the rule holds ${inWords(remembered)} alarms in ${inWords(mostGroups)} groups at most. Fewer labels in groupBy make fewer groups.`;

function inWords(count: number): string {
  return count.toLocaleString('en-US');
}

function refusing({ counts: { refused } }: AlarmBookView): string[] {
  if (refused === 0) return [];
  return [`${inWords(refused)} ${refused === 1 ? 'alarm was' : 'alarms were'} refused: ${tooMany}`];
}

function quietGroups({ groups }: AlarmBookView): number {
  return groups.filter(({ waits }) => waits.some(({ kind }) => kind === 'QuietPeriod')).length;
}

/** Sentences; a repeat is no news. */
function waiting({ groups }: AlarmBookView): string[] {
  const waits = groups.flatMap((group) => group.waits);
  return [
    sentence(waits, 'GroupWait', () => 'for more alarms (groupWait)'),
    sentence(waits, 'GroupInterval', () => 'for its interval (groupInterval)'),
    sentence(waits, 'Inhibited', ({ by }, count) =>
      // Of several groups each may be inhibited by another alarm.
      count === 1 ? `while an alarm fires that inhibits it (${labelsText(by)})` : 'while alarms fire that inhibit them',
    ),
    sentence(waits, 'QuietPeriod', ({ until }) => `for the end of the quiet period at ${timestamp(until)}`),
    sentence(waits, 'RateLimited', ({ until }) => `for room under the rate limit at ${timestamp(until)}`),
  ].filter((text) => text !== undefined);
}

type WaitOf<Kind> = Extract<AlarmWait, { kind: Kind }>;

function sentence<Kind extends AlarmWait['kind']>(
  waits: readonly AlarmWait[],
  kind: Kind,
  why: (first: WaitOf<Kind>, count: number) => string,
): string | undefined {
  const these = waits.filter((wait): wait is WaitOf<Kind> => wait.kind === kind);
  const [first] = these;
  if (!first) return undefined;
  return `${these.length} ${these.length === 1 ? 'group waits' : 'groups wait'} ${why(first, these.length)}.`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const some = Object.entries(labels).slice(0, 3);
  return some.map(([name, value]) => `${name}=${value.slice(0, 64)}`).join(', ');
}
