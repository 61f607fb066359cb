// What of a saved book nobody was told: alarms that fire and are in no mail, and mails that were due.
import { isFiring, markOf } from './group.ts';
import { readAlarm, readGroup } from './read-saved.ts';
import { readKey } from './saved-keys.ts';

export interface Untold {
  readonly alarms: number;
  readonly mails: number;
}

/** What cannot be read of it was told as lost, or will be. */
export function untoldOf(saved: ReadonlyMap<string, string>, now: number): Untold {
  const told = new Set<string>();
  const firing: string[] = [];
  let mails = 0;
  for (const [key, text] of saved) {
    const kind = readKey(key)?.kind;
    if (kind === 'Notice') mails += 1;
    if (kind === 'Group') for (const mark of toldMarks(text)) told.add(mark);
    if (kind === 'Alarm') firing.push(...firingMark(text, now));
  }
  return { alarms: firing.filter((mark) => !told.has(mark)).length, mails };
}

function toldMarks(text: string): readonly string[] {
  const read = readGroup(text);
  const told = read.kind === 'broken' ? undefined : read.part.told;
  return told ? [...told.firing, ...told.resolved] : [];
}

function firingMark(text: string, now: number): readonly string[] {
  const read = readAlarm(text);
  if (read.kind === 'broken' || !isFiring(read.part.alarm, now)) return [];
  return [markOf(read.part.alarm.fingerprint)];
}
