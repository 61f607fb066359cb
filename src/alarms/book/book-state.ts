// What a book is made of, and the few steps that keep its indexes and its list of changes in line.
import type { AlarmCounts } from '../alarm-book.ts';
import type { Notice, NoticeAlarm } from '../notice.ts';
import type { AlarmTerms } from '../terms.ts';
import { type ChangeLog, createChangeLog } from './change-log.ts';
import { createDueQueue, type DueQueue } from './due-queue.ts';
import { type Group, groupId, labelsKey, type Member, type RuleIds } from './group.ts';
import { createInhibition, type Inhibition } from './inhibition.ts';
import type { RateState } from './rate-gate.ts';
import { alarmKey, groupKey } from './saved-keys.ts';

export interface BookState {
  readonly terms: AlarmTerms;
  readonly ids: RuleIds;
  /** By fingerprint. */
  readonly members: Map<string, Member>;
  readonly bySource: Map<string, Set<Member>>;
  /** How many members are remembered in full. */
  full: number;
  /** By their labels. */
  readonly groups: Map<string, Group>;
  readonly groupsById: Map<string, Group>;
  readonly waitingGroups: Set<Group>;
  readonly queue: DueQueue;
  readonly inhibition: Inhibition;
  readonly rate: RateState;
  quiet: QuietRecord | undefined;
  readonly sequence: Sequence;
  /** By their keys. */
  readonly pending: Map<string, Notice>;
  readonly changes: ChangeLog;
  readonly counts: { -readonly [Name in keyof AlarmCounts]: number };
}

/** A quiet period in which something had to wait. */
export interface QuietRecord {
  readonly from: number;
  until: number;
  cameAndWent: number;
  readonly rows: NoticeAlarm[];
}

/** What names things for ever, and how far the book has come. */
export interface Sequence {
  /** Of the rule's own mails; set with the first. */
  beginning: number | undefined;
  mails: number;
  /** No group that begins later may have a beginning up to this one: its id and number would name an old mail. */
  lastBeginning: number;
  /** The latest `now` that was told: flushes up to then are done. */
  seen: number;
}

export function emptyBook(terms: AlarmTerms, ids: RuleIds): BookState {
  return {
    terms,
    ids,
    members: new Map(),
    bySource: new Map(),
    full: 0,
    groups: new Map(),
    groupsById: new Map(),
    waitingGroups: new Set(),
    queue: createDueQueue(),
    inhibition: createInhibition(terms.inhibit),
    rate: { slots: [], held: undefined },
    quiet: undefined,
    sequence: { beginning: undefined, mails: 0, lastBeginning: 0, seen: 0 },
    pending: new Map(),
    changes: createChangeLog(),
    counts: { received: 0, unmatched: 0, untold: 0, refused: 0, heldBack: 0 },
  };
}

/** The caller says whether it is a change: it is none while a book is loaded. */
export function addMember(state: BookState, member: Member): void {
  const { fingerprint, source } = member.alarm;
  state.members.set(fingerprint, member);
  member.group.members.set(fingerprint, member);
  if (member.full) state.full += 1;
  const ofSource = state.bySource.get(source) ?? new Set();
  state.bySource.set(source, ofSource.add(member));
  state.inhibition.put(member);
}

export function removeMember(state: BookState, member: Member): void {
  const { fingerprint, source } = member.alarm;
  state.members.delete(fingerprint);
  member.group.members.delete(fingerprint);
  member.group.waiting.delete(member.mark);
  if (member.full) state.full -= 1;
  const ofSource = state.bySource.get(source);
  ofSource?.delete(member);
  if (ofSource?.size === 0) state.bySource.delete(source);
  state.inhibition.remove(member);
  state.changes.touch(alarmKey(fingerprint));
}

/** A new group; its labels are as `pickLabels` gives them. */
export function beginGroup(state: BookState, labels: Group['labels'], first: { now: number; due: number }): Group {
  const group: Group = {
    id: groupId(state.ids, labels),
    labels,
    beginning: Math.max(first.now, state.sequence.lastBeginning + 1),
    members: new Map(),
    due: first.due,
    flushed: false,
    mails: 0,
    told: undefined,
    lastTold: undefined,
    waiting: new Set(),
    heldSince: undefined,
    ended: false,
  };
  putGroup(state, group);
  state.changes.touch(groupKey(group.id));
  return group;
}

export function putGroup(state: BookState, group: Group): void {
  state.groups.set(labelsKey(group.labels), group);
  state.groupsById.set(group.id, group);
  if (group.waiting.size > 0) state.waitingGroups.add(group);
  state.queue.put(group);
}

export function endGroup(state: BookState, group: Group): void {
  group.ended = true;
  state.groups.delete(labelsKey(group.labels));
  state.groupsById.delete(group.id);
  state.waitingGroups.delete(group);
  state.sequence.lastBeginning = Math.max(state.sequence.lastBeginning, group.beginning);
  state.changes.touch(groupKey(group.id));
}
