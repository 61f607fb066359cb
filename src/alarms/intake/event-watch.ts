// Events of a cluster as alarms. One series is one Event whose count grows in place, and one cause may have several Events:
// all of them count together, each by what is new in it.
import { parseDuration } from '../../api/duration.ts';
import type { AlarmRule } from '../../api/notification-policy.ts';
import type { Alarm } from '../alarm.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { eventAnnotations, eventLabels } from './event-texts.ts';
import { type Bout, boutsOf, type Occurrences, recentBouts, timesOf } from './occurrences.ts';
import { createRecentMap } from './recent-map.ts';

export type EventSource = NonNullable<AlarmRule['sources']['kubernetesEvents']>;

/** What is looked at of an Event; the store's `ClusterEvent` is one. */
export interface SeenEvent {
  readonly uid: string;
  readonly namespace: string;
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly reportingController: string;
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** What a successor needs to go on where this one stopped. */
export interface SavedEventWatch {
  /** When the rule began to look: what happened before is never told. */
  readonly since: number;
  /** Up to then Events were seen. */
  readonly until: number;
}

export interface EventWatch {
  /** Undefined: it tells nothing (another reason, too few yet, from before the rule). Telling one alarm twice is harmless. */
  readonly seen: (event: SeenEvent, now: number) => Alarm | undefined;
  readonly saved: () => SavedEventWatch;
}

export interface EventWatchOptions {
  readonly source: EventSource;
  readonly fingerprint: AlarmRule['fingerprint'];
  readonly now: number;
  /** Of the watch before; undefined for a rule that is new. */
  readonly saved: SavedEventWatch | undefined;
}

/** What is remembered of a rule's Events, whatever happens in the cluster; the oldest are forgotten first. */
const mostEvents = 50_000;
const mostCauses = 10_000;
/** Clocks of nodes may be that far behind; a successor looks again at so much. */
const overlap = 5 * 60_000;

interface Seen {
  readonly count: number;
  readonly lastSeen: number;
}

interface Cause {
  readonly startsAt: number;
  readonly lastSeen: number;
  readonly count: number;
  readonly recent: readonly Bout[];
  /** It happened often enough once; it then fires until it is over. */
  readonly fires: boolean;
}

export function createEventWatch({ source, fingerprint, now: start, saved }: EventWatchOptions): EventWatch {
  const events = createRecentMap<Seen>(mostEvents);
  const causes = createRecentMap<Cause>(mostCauses);
  const terms = termsOf(source);
  const since = saved?.since ?? start;
  const toldUntil = saved === undefined ? since : Math.max(since, saved.until - overlap);
  let until = saved?.until ?? start;

  function seen(told: SeenEvent, now: number): Alarm | undefined {
    if (!terms.wants(told)) return undefined;
    until = Math.max(until, now);
    const event = withinTime(told, now);
    const bouts = boutsOf(newIn(event, events.get(event.uid)), since);
    events.set(event.uid, { count: event.count, lastSeen: event.lastSeen });
    if (bouts.length === 0) return undefined;
    const labels = eventLabels(event);
    const id = fingerprintOf({ source: 'events', labels, text: event.note }, fingerprint);
    const cause = nextCause(causes.get(id), bouts, terms);
    causes.set(id, cause);
    if (!cause.fires || event.lastSeen <= toldUntil) return undefined;
    const { startsAt, lastSeen, count } = cause;
    return {
      fingerprint: id,
      source: 'events',
      state: 'Firing',
      labels,
      annotations: eventAnnotations(event),
      startsAt,
      endsAt: lastSeen + terms.resolveAfter,
      lastSeen,
      count,
      url: undefined,
    };
  }

  return { seen, saved: () => ({ since, until }) };
}

interface EventTerms {
  readonly wants: (event: SeenEvent) => boolean;
  readonly times: number;
  readonly within: number;
  readonly resolveAfter: number;
}

function termsOf({ types, reasons, excludeReasons = [], kinds, after, resolveAfter }: EventSource): EventTerms {
  const wanted = (list: readonly string[] | undefined, value: string) => !list?.length || list.includes(value);
  return {
    wants: ({ type, reason, regarding }) =>
      types.some((one) => one === type) &&
      wanted(reasons, reason) &&
      !excludeReasons.includes(reason) &&
      wanted(kinds, regarding.kind),
    times: after?.times ?? 1,
    within: parseDuration(after?.within ?? '') || 1,
    resolveAfter: parseDuration(resolveAfter) || 1,
  };
}

/** What a node's clock puts into the future happened now. */
function withinTime(event: SeenEvent, now: number): SeenEvent {
  const lastSeen = Math.min(event.lastSeen, now);
  return { ...event, lastSeen, firstSeen: Math.min(event.firstSeen, lastSeen), count: Math.max(1, event.count) };
}

/** What it tells that it did not tell before; a count that went down began anew. */
function newIn({ count, firstSeen, lastSeen }: SeenEvent, before: Seen | undefined): Occurrences {
  if (before === undefined) return { times: count, from: firstSeen, to: lastSeen };
  const more = count - before.count;
  if (more > 0) return { times: more, from: more === 1 ? lastSeen : before.lastSeen, to: lastSeen };
  return { times: lastSeen > before.lastSeen ? 1 : 0, from: lastSeen, to: lastSeen };
}

function nextCause(before: Cause | undefined, bouts: readonly Bout[], terms: EventTerms): Cause {
  const first = Math.min(...bouts.map(({ at }) => at));
  const last = Math.max(...bouts.map(({ at }) => at));
  const going = before && first <= before.lastSeen + terms.resolveAfter ? before : undefined;
  const recent = recentBouts([...(going?.recent ?? []), ...bouts], terms.within);
  return {
    startsAt: Math.min(going?.startsAt ?? first, first),
    lastSeen: Math.max(going?.lastSeen ?? last, last),
    count: (going?.count ?? 0) + timesOf(bouts),
    recent: terms.times > 1 ? recent : [],
    fires: going?.fires === true || timesOf(recent) >= terms.times,
  };
}
