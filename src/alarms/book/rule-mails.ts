// The mails of the rule itself: the digest after a quiet period, and how much the rate limit held back.
import type { DigestNotice, HeldBackNotice } from '../notice.ts';
import type { Quiet } from '../quiet-times.ts';
import type { BookState, QuietRecord } from './book-state.ts';
import { removeMember } from './book-state.ts';
import { countGone, endIfEmpty } from './flush-group.ts';
import { type Group, groupId, isFiring, type Member } from './group.ts';
import { noticeAlarms } from './notices.ts';
import { hasRoom, spend } from './rate-gate.ts';
import { groupKey, quietKey, rateKey, sequenceKey } from './saved-keys.ts';

/** Keeps the record's end up to date; once it is quiet no more, the one mail about all that waited. */
export function digest(state: BookState, quiet: Quiet | undefined, now: number): DigestNotice | undefined {
  const record = state.quiet;
  // Before its beginning a clock was set back: that ends nothing.
  if (!record || now < record.from) return undefined;
  if (quiet) {
    if (record.until !== quiet.until) state.changes.touch(quietKey);
    record.until = quiet.until;
    return undefined;
  }
  state.quiet = undefined;
  state.changes.touch(quietKey);
  // In an order that a reload does not change.
  const groups = [...state.waitingGroups].sort((one, other) => (one.id < other.id ? -1 : 1));
  const firing = groups.flatMap((group) => releaseGroup(state, group, { record, now }));
  state.waitingGroups.clear();
  return firing.length + record.cameAndWent > 0 ? digestNotice(state, { record, firing, now }) : undefined;
}

/** Goes before any group's mail: those that find no room after it are held back into the next one. */
export function heldBack(state: BookState, now: number): HeldBackNotice | undefined {
  const { rate, terms } = state;
  const { held } = rate;
  if (!held || !hasRoom(rate, terms.rateLimit, now)) return undefined;
  rate.held = undefined;
  spend(rate, terms.rateLimit, now);
  state.changes.touch(rateKey);
  const { from, groups } = held;
  return {
    ...ruleMail(state, now),
    kind: 'HeldBack',
    from,
    until: now,
    heldBack: held.heldBack,
    groups: [...groups.values()],
  };
}

/** What still fires of what waited counts as told now. */
function releaseGroup(
  state: BookState,
  group: Group,
  { record, now }: { record: QuietRecord; now: number },
): readonly Member[] {
  const waited = [...group.members.values()].filter(({ mark }) => group.waiting.has(mark));
  const firing = waited.filter(({ alarm }) => isFiring(alarm, now));
  const told = firing.filter((member) => !state.inhibition.sourceOf(member, now));
  const gone = waited.filter(({ alarm }) => !isFiring(alarm, now));
  countGone(record, gone, now);
  if (told.length > 0) countTold(group, told, now);
  for (const { mark } of gone) group.told?.firing.delete(mark);
  for (const member of gone) removeMember(state, member);
  group.waiting.clear();
  state.changes.touch(groupKey(group.id));
  endIfEmpty(state, group);
  return told;
}

function countTold(group: Group, members: readonly Member[], now: number): void {
  const told = group.told ?? { firing: new Set(), resolved: new Set(), at: now };
  for (const { mark } of members) {
    told.firing.add(mark);
    told.resolved.delete(mark);
  }
  told.at = now;
  group.told = told;
  group.lastTold = now;
}

function digestNotice(
  state: BookState,
  { record, firing, now }: { record: QuietRecord; firing: readonly Member[]; now: number },
): DigestNotice {
  spend(state.rate, state.terms.rateLimit, now);
  state.changes.touch(rateKey);
  return {
    ...ruleMail(state, now),
    kind: 'Digest',
    from: record.from,
    until: Math.min(record.until, now),
    stillFiring: firing.length,
    cameAndWent: record.cameAndWent,
    stillFiringAlarms: noticeAlarms(firing, now),
    cameAndWentAlarms: record.rows,
  };
}

/** Each is a thread of its own. */
function ruleMail(state: BookState, now: number): Pick<DigestNotice, 'group' | 'occasion' | 'thread' | 'at'> {
  const { sequence } = state;
  sequence.beginning ??= now;
  sequence.mails += 1;
  state.changes.touch(sequenceKey);
  const occasion = `${sequence.beginning}/${sequence.mails}`;
  return { group: groupId(state.ids, undefined), occasion, thread: occasion, at: now };
}
