// What a flush of one group would do, decided without doing it: who is told, who waits, who leaves.
//
//   member ── inhibited? ── yes ─► not told; over: it leaves, unless the receivers still take it for firing
//      │ no
//      ├── quiet, not excepted, and news? ── firing ─► waits for the digest
//      │                                └─── over   ─► the digest counts it as come and gone
//      └── else ─► visible: the log's questions are asked of these alone, and those that are over leave

import type { NoticeReason } from '../notice.ts';
import type { Quiet } from '../quiet-times.ts';
import type { AlarmTerms } from '../terms.ts';
import { type Group, isFiring, type Member } from './group.ts';
import type { Inhibition } from './inhibition.ts';
import { tellReason } from './tell-reason.ts';

export interface FlushContext {
  readonly terms: AlarmTerms;
  readonly inhibition: Inhibition;
  readonly now: number;
  /** The instant of the grid that this flush stands for. */
  readonly at: number;
  readonly quiet: Quiet | undefined;
}

export interface FlushPlan {
  /** Why a mail is due; undefined: none is. */
  readonly reason: NoticeReason | undefined;
  readonly firing: readonly Member[];
  readonly resolved: readonly Member[];
  /** Begin to wait for the end of the quiet period. */
  readonly waits: readonly Member[];
  readonly cameAndWent: readonly Member[];
  readonly leaves: readonly Member[];
  readonly inhibited: readonly Member[];
}

type Sorted = Omit<{ [Name in keyof FlushPlan]: Member[] }, 'reason'>;

export function flushPlan(group: Group, context: FlushContext): FlushPlan {
  const sorted: Sorted = { firing: [], resolved: [], waits: [], cameAndWent: [], leaves: [], inhibited: [] };
  for (const member of group.members.values()) sort(member, sorted, context);
  const { firing, resolved } = sorted;
  if (firing.length + resolved.length === 0) return { ...sorted, reason: undefined };
  const marks = { firing: firing.map(({ mark }) => mark), resolved: resolved.map(({ mark }) => mark) };
  const reason = tellReason({ ...marks, told: visiblyTold(group, sorted), at: context.at }, context.terms);
  // A repeat is no news of those that go through: it waits with the rest.
  const muted = reason === 'Repeat' && firing.every((member) => isMuted(member, context));
  return muted ? { ...sorted, reason: undefined, waits: [...sorted.waits, ...firing] } : { ...sorted, reason };
}

/** Nothing happens: the group only waits for its next flush. */
export function isIdle({ reason, waits, leaves }: FlushPlan): boolean {
  return reason === undefined && waits.length === 0 && leaves.length === 0;
}

function isMuted({ alarm }: Member, { quiet }: FlushContext): boolean {
  return quiet !== undefined && !quiet.passes(alarm.labels);
}

function sort(member: Member, sorted: Sorted, context: FlushContext): void {
  const firing = isFiring(member.alarm, context.now);
  const { told, waiting } = member.group;
  if (context.inhibition.sourceOf(member, context.now)) {
    sorted.inhibited.push(member);
    if (!firing && waiting.has(member.mark)) sorted.cameAndWent.push(member);
    if (!firing && (waiting.has(member.mark) || !told?.firing.has(member.mark))) sorted.leaves.push(member);
  } else if (isMuted(member, context) && isNews(member, firing, context)) {
    if (!firing) sorted.cameAndWent.push(member);
    else if (!waiting.has(member.mark)) sorted.waits.push(member);
    if (!firing) sorted.leaves.push(member);
  } else {
    (firing ? sorted.firing : sorted.resolved).push(member);
    if (!firing) sorted.leaves.push(member);
  }
}

function isNews({ mark, group: { told, waiting } }: Member, firing: boolean, { terms }: FlushContext): boolean {
  if (waiting.has(mark)) return true;
  if (firing) return !told?.firing.has(mark);
  return told !== undefined && terms.sendResolved && !told.resolved.has(mark);
}

/** What a digest will tell is not asked of the log. */
function visiblyTold({ told }: Group, { cameAndWent }: Sorted): Group['told'] {
  if (!told || cameAndWent.length === 0) return told;
  const firing = new Set(told.firing);
  for (const { mark } of cameAndWent) firing.delete(mark);
  return { ...told, firing };
}
