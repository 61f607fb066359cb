// What a book looks like to somebody who asks: its groups, and what each waits for.
import type { AlarmBookView, AlarmGroupView, AlarmWait } from '../alarm-book.ts';
import type { BookState } from './book-state.ts';
import { flushContext } from './flush-group.ts';
import { type FlushPlan, flushPlan } from './flush-plan.ts';
import { type Group, isFiring } from './group.ts';
import { nextRoom } from './rate-gate.ts';

export function viewBook(state: BookState, now: number): AlarmBookView {
  const groups = [...state.groups.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]) => viewGroup(state, group, now));
  return {
    firing: groups.reduce((sum, { firing }) => sum + firing, 0),
    resolved: groups.reduce((sum, { resolved }) => sum + resolved, 0),
    held: state.rate.held?.heldBack ?? 0,
    groups,
    counts: { ...state.counts },
  };
}

function viewGroup(state: BookState, group: Group, now: number): AlarmGroupView {
  const members = [...group.members.values()];
  const firing = members.filter(({ alarm }) => isFiring(alarm, now)).length;
  return {
    group: group.id,
    labels: group.labels,
    state: firing > 0 ? 'Firing' : 'Resolved',
    firing,
    resolved: members.length - firing,
    beganAt: group.beginning,
    lastTold: group.lastTold,
    waits: waitsOf(state, group, now),
  };
}

function waitsOf(state: BookState, group: Group, now: number): readonly AlarmWait[] {
  const plan = flushPlan(group, flushContext(state, { now, at: now }));
  return [
    ...flushWait(group, plan),
    ...inhibitedWait(state, plan, now),
    ...quietWait(state, group, { plan, now }),
    ...rateWait(state, group, now),
    ...repeatWait(state, group, plan),
  ];
}

function flushWait({ flushed, due }: Group, { reason }: FlushPlan): readonly AlarmWait[] {
  if (!flushed) return [{ kind: 'GroupWait', until: due }];
  return reason !== undefined && reason !== 'Repeat' ? [{ kind: 'GroupInterval', until: due }] : [];
}

function inhibitedWait(state: BookState, { inhibited }: FlushPlan, now: number): readonly AlarmWait[] {
  const [first] = inhibited;
  const source = first && state.inhibition.sourceOf(first, now);
  return source ? [{ kind: 'Inhibited', alarms: inhibited.length, by: source.alarm.labels }] : [];
}

function quietWait(
  state: BookState,
  { waiting }: Group,
  { plan, now }: { plan: FlushPlan; now: number },
): readonly AlarmWait[] {
  if (waiting.size + plan.waits.length + plan.cameAndWent.length === 0) return [];
  const quiet = state.terms.quiet(now);
  return [{ kind: 'QuietPeriod', until: quiet?.until ?? now }];
}

function rateWait({ rate, terms }: BookState, { heldSince }: Group, now: number): readonly AlarmWait[] {
  if (!rate.held || rate.held.from !== heldSince) return [];
  return [{ kind: 'RateLimited', until: nextRoom(rate, terms.rateLimit, now) ?? now }];
}

function repeatWait(
  { terms: { repeatInterval, groupInterval } }: BookState,
  { told, due }: Group,
  { reason, firing }: FlushPlan,
): readonly AlarmWait[] {
  if (!told || firing.length === 0 || (reason !== undefined && reason !== 'Repeat')) return [];
  const missing = Math.max(0, told.at + repeatInterval - due);
  return [{ kind: 'Repeat', at: due + Math.ceil(missing / groupInterval) * groupInterval }];
}
