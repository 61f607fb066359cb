// The rate limit: how many mails went out within the last `per`, and what was held back since there was no room.
//
// Mails are counted in slots, so that a million of them take no more room than these; a slot is as old as its last mail,
// so that the limit is never passed.
import type { Labels } from '../../api/label-matcher.ts';
import type { AlarmState } from '../alarm.ts';
import { noticeRows } from '../notice.ts';
import type { RateTerms } from '../terms.ts';
import type { Group } from './group.ts';

export interface Held {
  readonly from: number;
  /** Mails. */
  heldBack: number;
  /** By group id, the first ones. */
  readonly groups: Map<string, HeldGroup>;
}

export interface HeldGroup {
  readonly groupLabels: Labels;
  readonly state: AlarmState;
  readonly firing: number;
  readonly resolved: number;
  readonly heldBack: number;
}

export interface RateState {
  /** When the last mail of a slot went, and how many went in it; the oldest first. */
  slots: (readonly [at: number, mails: number])[];
  held: Held | undefined;
}

const slotsAtMost = 256;

export function hasRoom(state: RateState, limit: RateTerms | undefined, now: number): boolean {
  return (nextRoom(state, limit, now) ?? now) <= now;
}

/** When a mail may go; undefined without a limit. */
export function nextRoom(state: RateState, limit: RateTerms | undefined, now: number): number | undefined {
  if (!limit) return undefined;
  // A clock that was set back must not close the gate for longer than a whole window.
  const slots = state.slots.filter(([at]) => at > now - limit.per && at <= now + limit.per);
  let over = slots.reduce((sum, [, mails]) => sum + mails, 0) - limit.messages;
  for (const [at, mails] of slots) {
    if (over < 0) break;
    over -= mails;
    if (over < 0) return at + limit.per;
  }
  return now;
}

export function spend(state: RateState, limit: RateTerms | undefined, now: number): void {
  if (!limit) return;
  const slot = Math.floor(limit.per / slotsAtMost);
  const last = state.slots.at(-1);
  const joins = last && limit.messages > slotsAtMost && now - last[0] < slot && now >= last[0];
  const kept = (joins ? state.slots.slice(0, -1) : state.slots).filter(([at]) => at > now - limit.per);
  state.slots = [...kept, [now, joins ? last[1] + 1 : 1]];
}

/** Counts a mail that would have been sent now. */
export function holdBack(
  state: RateState,
  group: Group,
  told: Pick<HeldGroup, 'firing' | 'resolved'> & { readonly now: number },
): void {
  const { now, firing, resolved } = told;
  state.held ??= { from: now, heldBack: 0, groups: new Map() };
  const { held } = state;
  held.heldBack += 1;
  group.heldSince = held.from;
  const before = held.groups.get(group.id);
  if (!before && held.groups.size >= noticeRows) return;
  held.groups.set(group.id, {
    groupLabels: group.labels,
    state: firing > 0 ? 'Firing' : 'Resolved',
    firing,
    resolved,
    heldBack: (before?.heldBack ?? 0) + 1,
  });
}
