// Takes what sources tell into a book: new alarms into their group, known ones as they are now.
import { type Labels, labelOf } from '../../api/label-matcher.ts';
import type { Alarm } from '../alarm.ts';
import { addMember, type BookState, beginGroup, removeMember } from './book-state.ts';
import { endIfEmpty } from './flush-group.ts';
import { type Group, isFiring, labelsKey, type Member, markOf, pickLabels } from './group.ts';
import { mergeAlarm } from './merge-alarm.ts';
import { alarmKey } from './saved-keys.ts';

/** Alarms of one rule with all that they say; the others are remembered as far as they decide something. */
export const rememberedInFull = 10_000;
/** Alarms of one rule at all. Past it they are refused and counted: no source may take all memory. */
export const remembered = 200_000;
/** Groups of one rule. Past it an alarm that would begin another is refused and counted: each is a mail, and decided alone. */
export const mostGroups = 20_000;

export function takeAlarm(state: BookState, told: Alarm, now: number): void {
  state.counts.received += 1;
  const known = state.members.get(told.fingerprint);
  const alarm = ended(told, Math.max(now, known?.alarm.startsAt ?? now));
  if (!state.terms.matches(alarm.labels)) state.counts.unmatched += 1;
  else if (known) takeAgain(state, known, { alarm, now });
  else takeNew(state, alarm, now);
}

function ended(alarm: Alarm, at: number): Alarm {
  return alarm.state === 'Resolved' && alarm.endsAt === undefined ? { ...alarm, endsAt: at } : alarm;
}

/** Ends what a source that tells all it has does not tell any more. */
export function resolveMissing(
  state: BookState,
  source: string,
  told: { alarms: readonly Alarm[]; now: number },
): void {
  const here = new Set(told.alarms.map(({ fingerprint }) => fingerprint));
  for (const member of state.bySource.get(source) ?? []) {
    const { alarm } = member;
    if (here.has(alarm.fingerprint) || !isFiring(alarm, told.now)) continue;
    member.alarm = { ...alarm, state: 'Resolved', endsAt: told.now, lastSeen: told.now };
    changed(state, member);
  }
}

function takeAgain(state: BookState, known: Member, { alarm, now }: { alarm: Alarm; now: number }): void {
  const merged = mergeAlarm(known.alarm, alarm);
  if (!merged) return;
  const labels = pickLabels(alarm.labels, state.terms.groupBy);
  if (labelsKey(labels) !== labelsKey(known.group.labels)) {
    const { group } = known;
    removeMember(state, known);
    endIfEmpty(state, group);
    add(state, merged, now);
  } else {
    renew(state, known, merged);
  }
}

function renew(state: BookState, known: Member, merged: Alarm): void {
  const full = known.full || state.full < rememberedInFull;
  const alarm = full ? merged : decisiveOnly(state, merged, known.group.labels);
  if (full === known.full && sameAlarm(known.alarm, alarm)) return;
  if (full && !known.full) state.full += 1;
  known.full = full;
  state.inhibition.remove(known);
  known.links = state.inhibition.linksOf(alarm.labels);
  known.alarm = alarm;
  changed(state, known);
}

function changed(state: BookState, member: Member): void {
  state.inhibition.put(member);
  state.changes.touch(alarmKey(member.alarm.fingerprint));
}

function takeNew(state: BookState, alarm: Alarm, now: number): void {
  const labels = pickLabels(alarm.labels, state.terms.groupBy);
  const isGrouped = state.groups.has(labelsKey(labels));
  // As in Alertmanager, one that is over already is told only beside others.
  if (!isFiring(alarm, now) && !isGrouped) {
    state.counts.untold += 1;
  } else if (state.members.size >= remembered || (!isGrouped && state.groups.size >= mostGroups)) {
    state.counts.refused += 1;
  } else {
    add(state, alarm, now);
  }
}

function add(state: BookState, alarm: Alarm, now: number): void {
  addMember(state, newMember(state, alarm, groupFor(state, alarm, now)));
  state.changes.touch(alarmKey(alarm.fingerprint));
}

function groupFor(state: BookState, alarm: Alarm, now: number): Group {
  const labels = pickLabels(alarm.labels, state.terms.groupBy);
  const { groupWait } = state.terms;
  // One that began long ago has waited elsewhere, such as in a Prometheus that was restarted.
  const due = alarm.startsAt + groupWait < now ? now : now + groupWait;
  return state.groups.get(labelsKey(labels)) ?? beginGroup(state, labels, { now, due });
}

export function newMember(state: BookState, alarm: Alarm, group: Group): Member {
  const full = state.full < rememberedInFull;
  return {
    alarm: full ? alarm : decisiveOnly(state, alarm, group.labels),
    full,
    mark: markOf(alarm.fingerprint),
    links: state.inhibition.linksOf(alarm.labels),
    group,
  };
}

function decisiveOnly(state: BookState, alarm: Alarm, groupLabels: Labels): Alarm {
  const labels = pickLabels(alarm.labels, state.terms.decisive);
  const same = Object.keys(labels).every((name) => labelOf(groupLabels, name) === labels[name]);
  return { ...alarm, labels: same ? groupLabels : labels, annotations: nothing, url: undefined };
}

const nothing: Labels = {};

function sameAlarm(one: Alarm, other: Alarm): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
