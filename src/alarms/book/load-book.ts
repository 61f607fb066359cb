// Makes a book of what one before it saved. The rule may have changed since:
//
//   match      an alarm that is not the rule's any more is over; its end is told
//   groupBy    alarms are grouped anew. What was told of them stays told; the new groups begin and number anew
//   the rest   holds from now on

import type { Alarm } from '../alarm.ts';
import type { UnreadableKey } from '../alarm-book.ts';
import type { AlarmTerms } from '../terms.ts';
import { addMember, type BookState, beginGroup, emptyBook, putGroup } from './book-state.ts';
import { type Group, groupId, labelsKey, pickLabels, type RuleIds, type Told } from './group.ts';
import {
  type Read,
  readAlarm,
  readGroup,
  readNotice,
  readQuiet,
  readRate,
  readSequence,
  type SavedGroup,
} from './read-saved.ts';
import { alarmKey, groupKey, readKey } from './saved-keys.ts';
import { newMember } from './take-alarms.ts';

export interface LoadedBook {
  readonly state: BookState;
  readonly unreadable: readonly UnreadableKey[];
}

interface Parts {
  /** Those remembered in full before the others, since there is room for so many only. */
  readonly full: Alarm[];
  readonly counted: Alarm[];
  readonly groups: Map<string, SavedGroup>;
}

export function loadBook(terms: AlarmTerms, saved: ReadonlyMap<string, string>, ids: RuleIds): LoadedBook {
  const state = emptyBook(terms, ids);
  const parts: Parts = { full: [], counted: [], groups: new Map() };
  const unreadable: UnreadableKey[] = [];
  for (const [key, text] of saved) {
    state.changes.saved(key);
    const message = readPart(state, parts, { key, text });
    if (message === undefined) continue;
    unreadable.push({ key, message });
    // It is told once and goes with the next write; a key that is not of this version is another's to judge.
    if (readKey(key)) state.changes.touch(key);
  }
  regroup(
    state,
    [...parts.full, ...parts.counted].map((alarm) => asMatched(state, alarm)),
    parts.groups,
  );
  return { state, unreadable };
}

function readPart(state: BookState, parts: Parts, { key, text }: { key: string; text: string }): string | undefined {
  const named = readKey(key);
  switch (named?.kind) {
    case 'Alarm':
      return taken(readAlarm(text), ({ alarm, full }) => (full ? parts.full : parts.counted).push(alarm));
    case 'Group':
      return taken(readGroup(text), (group) => parts.groups.set(named.id, group));
    case 'Notice':
      return taken(readNotice(text), (notice) => state.pending.set(key, notice));
    case 'Sequence':
      return taken(readSequence(text), (sequence) => Object.assign(state.sequence, sequence));
    case 'Rate':
      return taken(readRate(text), (rate) => Object.assign(state.rate, rate));
    case 'Quiet':
      return taken(readQuiet(text), (quiet) => {
        state.quiet = quiet;
      });
    case undefined:
      return 'is no key of an alarm rule';
  }
}

function taken<Part>(read: Read<Part>, take: (part: Part) => unknown): string | undefined {
  if (read.kind === 'broken') return read.message;
  take(read.part);
  return undefined;
}

function asMatched(state: BookState, alarm: Alarm): Alarm {
  if (alarm.state === 'Resolved' || state.terms.matches(alarm.labels)) return alarm;
  state.changes.touch(alarmKey(alarm.fingerprint));
  return { ...alarm, state: 'Resolved', endsAt: alarm.lastSeen };
}

function regroup(state: BookState, alarms: readonly Alarm[], groups: ReadonlyMap<string, SavedGroup>): void {
  const left = new Map(groups);
  // Where that was lost, the book begins with the last that it heard.
  if (state.sequence.seen === 0)
    state.sequence.seen = alarms.reduce((last, { lastSeen }) => Math.max(last, lastSeen), 0);
  const homeless = alarms.filter((alarm) => !rejoin(state, alarm, left));
  for (const [id, { beginning }] of left) {
    state.sequence.lastBeginning = Math.max(state.sequence.lastBeginning, beginning);
    state.changes.touch(groupKey(id));
  }
  const origins = originsOf(left);
  for (const alarm of homeless) rehome(state, alarm, origins);
  for (const group of state.groups.values()) putGroup(state, group);
}

/** Into the group that it was in, taken out of those that are left with its first alarm. */
function rejoin(state: BookState, alarm: Alarm, left: Map<string, SavedGroup>): boolean {
  const labels = pickLabels(alarm.labels, state.terms.groupBy);
  let group = state.groups.get(labelsKey(labels));
  if (!group) {
    const id = groupId(state.ids, labels);
    const saved = left.get(id);
    if (!saved) return false;
    left.delete(id);
    group = { ...saved, id, waiting: new Set(saved.waiting), members: new Map(), ended: false };
    state.groups.set(labelsKey(labels), group);
  }
  addMember(state, newMember(state, alarm, group));
  return true;
}

/** The groups that are no more, by the marks of the alarms that they told or that waited in them. */
function originsOf(left: ReadonlyMap<string, SavedGroup>): ReadonlyMap<string, SavedGroup> {
  const origins = new Map<string, SavedGroup>();
  for (const group of left.values()) {
    for (const mark of [...(group.told?.firing ?? []), ...group.waiting]) origins.set(mark, group);
  }
  return origins;
}

function rehome(state: BookState, alarm: Alarm, origins: ReadonlyMap<string, SavedGroup>): void {
  const labels = pickLabels(alarm.labels, state.terms.groupBy);
  const { seen } = state.sequence;
  const first = { now: seen, due: seen + state.terms.groupWait };
  const group = state.groups.get(labelsKey(labels)) ?? beginGroup(state, labels, first);
  const member = newMember(state, alarm, group);
  addMember(state, member);
  const origin = origins.get(member.mark);
  if (origin) inherit(group, member.mark, origin);
}

function inherit(group: Group, mark: string, { told, waiting, lastTold, due }: SavedGroup): void {
  if (waiting.has(mark)) group.waiting.add(mark);
  if (told?.firing.has(mark)) {
    const inherited: Told = group.told ?? { firing: new Set(), resolved: new Set(), at: told.at };
    inherited.firing.add(mark);
    inherited.at = Math.max(inherited.at, told.at);
    group.told = inherited;
    group.lastTold = Math.max(group.lastTold ?? 0, lastTold ?? told.at);
  }
  group.due = group.flushed ? Math.min(group.due, due) : due;
  group.flushed = true;
}
