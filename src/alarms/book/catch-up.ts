// Brings the flushes of a book that was just loaded to where its holder left them.
//
// A flush that changed nothing was not saved. Up to the last `advance` all were carried out; one that came after is
// owed only where it would have told something, else the group goes on in its old rhythm.
import type { BookState } from './book-state.ts';
import { flushContext } from './flush-group.ts';
import { flushPlan, isIdle } from './flush-plan.ts';
import type { Group } from './group.ts';
import { groupKey } from './saved-keys.ts';

export function catchUp(state: BookState, now: number): void {
  const reached = Math.max(now, state.sequence.seen);
  for (const group of state.groups.values()) {
    if (!group.flushed || group.due > reached) continue;
    group.due = nextDue(state, group, reached);
    state.queue.put(group);
  }
}

/** Where the clock was set back nothing waits for it to come round again: at most as long as it would have. */
export function followClock(state: BookState, now: number): void {
  const { sequence, terms, quiet } = state;
  if (now > sequence.seen - tolerance) return;
  sequence.seen = now;
  if (quiet) state.quiet = { ...quiet, from: Math.min(quiet.from, now) };
  for (const group of state.groups.values()) {
    group.due = Math.min(group.due, now + (group.flushed ? terms.groupInterval : terms.groupWait));
    if (group.told) group.told.at = Math.min(group.told.at, now);
    state.queue.put(group);
    state.changes.touch(groupKey(group.id));
  }
}

/** Clocks that are kept in time go back a little now and then. */
const tolerance = 60_000;

function nextDue(state: BookState, group: Group, now: number): number {
  const { groupInterval } = state.terms;
  const first = gridAfter(group.due, groupInterval, state.sequence.seen);
  if (first > now) return first;
  const last = gridAfter(first, groupInterval, now) - groupInterval;
  const idle = isIdle(flushPlan(group, flushContext(state, { now: last, at: last })));
  return idle ? last + groupInterval : first;
}

/** The first instant of the grid that is `anchor` or later, and after this one. */
function gridAfter(anchor: number, interval: number, after: number): number {
  return anchor > after ? anchor : anchor + (Math.floor((after - anchor) / interval) + 1) * interval;
}
