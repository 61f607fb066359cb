// Makes the notices out of members: rows, counts, and what all of them share.
import type { Labels } from '../../api/label-matcher.ts';
import type { Alarm } from '../alarm.ts';
import { type GroupNotice, type NoticeAlarm, type NoticeReason, noticeRows } from '../notice.ts';
import { type Group, isFiring, type Member } from './group.ts';

export interface GroupNews {
  readonly reason: NoticeReason;
  readonly now: number;
  readonly firing: readonly Member[];
  readonly resolved: readonly Member[];
}

/** The group's next mail; `mails` counts those before it. */
export function groupNotice(group: Group, { reason, now, firing, resolved }: GroupNews): GroupNotice {
  const known = [...firing, ...resolved].filter(({ full }) => full).map(({ alarm }) => alarm);
  return {
    kind: 'Group',
    group: group.id,
    occasion: `${group.beginning}/${group.mails + 1}`,
    thread: `${group.beginning}/1`,
    at: now,
    reason,
    state: firing.length > 0 ? 'Firing' : 'Resolved',
    groupLabels: group.labels,
    commonLabels: shared(known.map(({ labels }) => labels)),
    commonAnnotations: shared(known.map(({ annotations }) => annotations)),
    firing: firing.length,
    resolved: resolved.length,
    alarms: [...noticeAlarms(firing, now), ...noticeAlarms(resolved, now)].slice(0, noticeRows),
  };
}

/** Rows, the oldest alarm first; those that are not remembered in full make none. */
export function noticeAlarms(members: readonly Member[], now: number): readonly NoticeAlarm[] {
  return members
    .filter(({ full }) => full)
    .map(({ alarm }) => alarm)
    .sort(byAge)
    .slice(0, noticeRows)
    .map((alarm) => noticeAlarm(alarm, now));
}

function byAge(one: Alarm, other: Alarm): number {
  return one.startsAt - other.startsAt || (one.fingerprint < other.fingerprint ? -1 : 1);
}

function noticeAlarm(alarm: Alarm, now: number): NoticeAlarm {
  const { labels, annotations, startsAt, lastSeen, count, url } = alarm;
  const over = isFiring(alarm, now)
    ? { state: 'Firing' as const, endsAt: undefined }
    : { state: 'Resolved' as const, endsAt: alarm.endsAt };
  return { ...over, labels, annotations, startsAt, lastSeen, count, url };
}

function shared(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  let common = Object.entries(first);
  for (const other of others) {
    if (common.length === 0) break;
    common = common.filter(([name, value]) => Object.hasOwn(other, name) && other[name] === value);
  }
  return Object.fromEntries(common);
}
