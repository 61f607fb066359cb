// What a rule makes of an alarm that comes now, decided by the functions that run it, on the state that was saved last.
import type { Alarm } from '../../alarms/alarm.ts';
import type { AlarmBook, AlarmGroupView } from '../../alarms/alarm-book.ts';
import { timestamp } from '../../api/conditions.ts';
import type { AlarmJournal } from '../../policies/alarms/alarm-journal.ts';
import { labelsText } from './labels-text.ts';
import { type RuleOfPolicy, savedBook } from './rule-views.ts';

export interface ComingAlarms {
  readonly rule: RuleOfPolicy;
  /** Of one group. */
  readonly alarms: readonly Alarm[];
  readonly now: number;
}

/** A sentence. */
export function alarmFate(coming: ComingAlarms, journal: Pick<AlarmJournal, 'rules'>): string {
  // One that is over begins no group, and is in that of the one it ends.
  const begun = coming.alarms.map((alarm) => ({ ...alarm, state: 'Firing', endsAt: undefined }) as const);
  const alone = received({ ...coming, alarms: begun }, { rules: new Map() }).view(coming.now);
  const [labels = {}] = coming.alarms.map((alarm) => alarm.labels);
  if (alone.counts.unmatched > 0) {
    return `The rule's match does not hold for ${labelsText(labels)}: it is counted, and nobody is told.`;
  }
  const { groups } = received(coming, journal).view(coming.now);
  const found = groups.find(({ group }) => alone.groups.some((one) => one.group === group));
  return found ? groupFate(found) : 'There is no such alarm that could be resolved: nobody is told.';
}

function received({ rule, alarms, now }: ComingAlarms, journal: Pick<AlarmJournal, 'rules'>): AlarmBook {
  const book = savedBook(rule, journal);
  book.receive(alarms, now);
  return book;
}

function groupFate({ labels, firing, lastTold, waits: [wait] }: AlarmGroupView): string {
  const name = labelsText(labels);
  const group = name === '' ? 'It is in the group of all alarms' : `It is in group ${name}`;
  if (firing === 0 && lastTold === undefined) return `${group}, which is over before its first mail: nobody is told.`;
  switch (wait?.kind) {
    case undefined:
      return `${group}, of which nothing new is told.`;
    case 'GroupWait':
      return `${group}, which is told at ${timestamp(wait.until)} (groupWait).`;
    case 'GroupInterval':
      return `${group}, which is told at ${timestamp(wait.until)} (groupInterval).`;
    case 'Repeat':
      return `${group}, which is told again at ${timestamp(wait.at)} (repeatInterval): it says nothing new.`;
    case 'Inhibited':
      return `${group}, and is inhibited while ${labelsText(wait.by)} fires.`;
    case 'QuietPeriod':
      return `${group}, which waits for the end of the quiet period at ${timestamp(wait.until)}.`;
    case 'RateLimited':
      return `${group}, which waits for room under rateLimit at ${timestamp(wait.until)}.`;
  }
}
