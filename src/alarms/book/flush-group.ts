// Carries out the flush of a group, and sets its next one on the group's grid.
import { type Notice, noticeRows } from '../notice.ts';
import { type BookState, endGroup, type QuietRecord, removeMember } from './book-state.ts';
import { type FlushContext, type FlushPlan, flushPlan, isIdle } from './flush-plan.ts';
import type { Group, Member } from './group.ts';
import { groupNotice, noticeAlarms } from './notices.ts';
import { hasRoom, holdBack, spend } from './rate-gate.ts';
import { groupKey, quietKey, rateKey } from './saved-keys.ts';

/** The group must be due. */
export function flushGroup(state: BookState, group: Group, now: number): Notice | undefined {
  const context = flushContext(state, { now, at: onGrid(state, group, now) ? group.due : now });
  const plan = flushPlan(group, context);
  const first = !group.flushed;
  if (first || !isIdle(plan) || context.at !== group.due) state.changes.touch(groupKey(group.id));
  group.flushed = true;
  group.due = Math.max(context.at + state.terms.groupInterval, now + 1);
  state.queue.put(group);
  return isIdle(plan) ? undefined : carryOut(state, group, { plan, context });
}

export function flushContext(state: BookState, { now, at }: { now: number; at: number }): FlushContext {
  const { terms, inhibition } = state;
  return { terms, inhibition, now, at, quiet: terms.quiet(now) };
}

export function endIfEmpty(state: BookState, group: Group): void {
  if (group.members.size === 0 && !group.ended) endGroup(state, group);
}

/** A flush that comes a little late stands for its instant, so that lateness never adds up; a later one starts a new grid. */
function onGrid(state: BookState, { due }: Group, now: number): boolean {
  return now - due <= state.terms.groupInterval / 10;
}

function carryOut(
  state: BookState,
  group: Group,
  { plan, context }: { plan: FlushPlan; context: FlushContext },
): Notice | undefined {
  countUntold(state, group, plan);
  wait(state, group, { plan, context });
  const notice = tell(state, group, { plan, context });
  for (const member of plan.leaves) removeMember(state, member);
  endIfEmpty(state, group);
  return notice;
}

/** Those that leave and that nobody was told of, nor is now, nor will be. */
function countUntold(state: BookState, { told }: Group, plan: FlushPlan): void {
  const news = plan.reason !== undefined && state.terms.sendResolved ? plan.resolved : [];
  const telling = new Set([...news, ...plan.cameAndWent]);
  const untold = plan.leaves.filter((member) => !telling.has(member) && !told?.firing.has(member.mark));
  state.counts.untold += untold.length;
}

function wait(
  state: BookState,
  group: Group,
  { plan, context: { quiet, now, at } }: { plan: FlushPlan; context: FlushContext },
): void {
  if (!quiet || plan.waits.length + plan.cameAndWent.length === 0) return;
  const record = state.quiet ?? { from: quiet.from, until: quiet.until, cameAndWent: 0, rows: [] };
  state.quiet = record;
  state.changes.touch(quietKey);
  for (const { mark } of plan.waits) group.waiting.add(mark);
  const repeated = plan.waits.some(({ mark }) => group.told?.firing.has(mark));
  if (group.told && repeated) group.told.at = at;
  countGone(record, plan.cameAndWent, now);
  for (const { mark } of plan.cameAndWent) {
    group.waiting.delete(mark);
    group.told?.firing.delete(mark);
  }
  if (group.waiting.size > 0) state.waitingGroups.add(group);
}

export function countGone(record: QuietRecord, gone: readonly Member[], now: number): void {
  record.cameAndWent += gone.length;
  record.rows.push(...noticeAlarms(gone, now).slice(0, noticeRows - record.rows.length));
}

function tell(
  state: BookState,
  group: Group,
  { plan, context: { now, at, terms } }: { plan: FlushPlan; context: FlushContext },
): Notice | undefined {
  const { reason, firing } = plan;
  if (!reason) return undefined;
  const resolved = terms.sendResolved ? plan.resolved : [];
  group.told = { firing: marksOf(firing), resolved: marksOf(plan.resolved), at };
  for (const { mark } of firing) group.waiting.delete(mark);
  if (firing.length + resolved.length === 0) return undefined;
  state.changes.touch(rateKey);
  if (!hasRoom(state.rate, terms.rateLimit, now)) {
    holdBack(state.rate, group, { firing: firing.length, resolved: resolved.length, now });
    state.counts.heldBack += 1;
    return undefined;
  }
  spend(state.rate, terms.rateLimit, now);
  const notice = groupNotice(group, { reason, now, firing, resolved });
  group.mails += 1;
  group.lastTold = now;
  return notice;
}

function marksOf(members: readonly Member[]): Set<string> {
  return new Set(members.map(({ mark }) => mark));
}
