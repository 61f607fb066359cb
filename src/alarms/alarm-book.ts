// What one alarm rule knows, and what it owes a mail: the alarms and groups of the rule, driven by `now` alone.
//
//   alarm ─► group ── groupWait ─► flush ── news? ─► mail        then a flush each groupInterval, on the group's own grid
//                                    ├── inhibited ─► not told while its source fires
//                                    ├── quiet ─────► waits for the digest at the period's end
//                                    └── no room ───► counts as told; one mail says how many were held back
//
// The words and rules are Alertmanager's (dispatch, inhibition, notification log). Decided otherwise, and why:
//
//   - A group is flushed on a grid that starts with its first flush, so that a holder which loads the book goes on in the
//     same rhythm though flushes that change nothing are never saved.
//   - repeatInterval is reached at its very end, not only after it: 4h with a groupInterval of 5m means each 4 hours.
//   - An alarm that receivers take for firing and that ends while it is inhibited is told as resolved once the inhibition
//     ends; Alertmanager forgets it, and its mail would stay open.
//   - The end of an earlier time of an alarm that comes late does not end the alarm that fires now.
//   - Past the limit a group counts as told, so that it is not tried again at each flush. The mail about what was held
//     back takes the first room there is, and counts as a mail; it waits for no quiet period, the digest for no room.
//   - In a quiet period alarms that go through are told as ever. News of the others waits, as does a repeat; what was
//     told before and has not changed may stand beside them in a mail. An alarm that is over before its group's first
//     flush is no news, in a quiet period as at any time.
import type { Alarm, AlarmState } from './alarm.ts';
import type { BookState } from './book/book-state.ts';
import { catchUp, followClock } from './book/catch-up.ts';
import { flushGroup } from './book/flush-group.ts';
import type { RuleIds } from './book/group.ts';
import { loadBook } from './book/load-book.ts';
import { nextRoom } from './book/rate-gate.ts';
import { digest, heldBack } from './book/rule-mails.ts';
import { changesInSlices, takeChanges } from './book/save-book.ts';
import { noticeKey } from './book/saved-keys.ts';
import { resolveMissing, takeAlarm } from './book/take-alarms.ts';
import { viewBook } from './book/view-book.ts';
import type { Notice } from './notice.ts';
import type { AlarmTerms } from './terms.ts';

export interface AlarmBook {
  /** Takes what a source tells; alarms that the rule does not match are counted only. */
  readonly receive: (alarms: readonly Alarm[], now: number) => void;
  /** As `receive`, of a source that always tells all it has: what it does not tell any more is resolved now. */
  readonly replaceSource: (source: string, alarms: readonly Alarm[], now: number) => void;
  /** Of which it has alarms. */
  readonly sources: () => readonly string[];
  /** What is to be mailed now; each is pending until `done`. Of more groups than `most` that are due, the others are left: `nextAt`. */
  readonly advance: (now: number, most?: number) => readonly Notice[];
  /** When `advance` has to be called next; undefined: not before something is received. */
  readonly nextAt: () => number | undefined;
  /** What has to be written since the last call: JSON by key, undefined where the key goes. */
  readonly takeChanges: () => ReadonlyMap<string, string | undefined>;
  /** As `takeChanges`, `most` keys at a time. All of them make one write, and nothing else may happen to the book meanwhile. */
  readonly changesInSlices: (most: number) => Iterable<ReadonlyMap<string, string | undefined>>;
  /** Notices that are not done yet, oldest first; a book made of saved state has those of the one before. */
  readonly pending: () => readonly Notice[];
  readonly done: (notice: Notice) => void;
  readonly view: (now: number) => AlarmBookView;
  readonly counts: () => AlarmCounts;
  /** Keys of the saved state that could not be read, each with why; what they held is lost. */
  readonly unreadable: readonly UnreadableKey[];
}

export interface UnreadableKey {
  readonly key: string;
  readonly message: string;
}

export interface AlarmBookView {
  /** Alarms that fire now. */
  readonly firing: number;
  readonly resolved: number;
  /** Mails that the rate limit held back and that no mail has told of yet. */
  readonly held: number;
  /** Sorted by their labels. */
  readonly groups: readonly AlarmGroupView[];
  readonly counts: AlarmCounts;
}

/** Since this book was made. */
export interface AlarmCounts {
  readonly received: number;
  /** Not the rule's: `match` does not hold. */
  readonly unmatched: number;
  /** Over before anybody was told. */
  readonly untold: number;
  /** Not remembered, since the rule has more alarms, or groups, than it can hold. */
  readonly refused: number;
  /** Mails that the rate limit held back. */
  readonly heldBack: number;
}

export interface AlarmGroupView {
  /** As in `Notice.group`. */
  readonly group: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: AlarmState;
  readonly firing: number;
  readonly resolved: number;
  readonly beganAt: number;
  /** When its last mail was decided; undefined: nobody was told yet. */
  readonly lastTold: number | undefined;
  /** What it waits for; one that has nothing new waits for its repeat. */
  readonly waits: readonly AlarmWait[];
}

export type AlarmWait =
  | { readonly kind: 'GroupWait'; readonly until: number }
  | { readonly kind: 'GroupInterval'; readonly until: number }
  | { readonly kind: 'Repeat'; readonly at: number }
  /** So many of its alarms are inhibited, the first by an alarm with these labels. */
  | { readonly kind: 'Inhibited'; readonly alarms: number; readonly by: Readonly<Record<string, string>> }
  | { readonly kind: 'QuietPeriod'; readonly until: number }
  | { readonly kind: 'RateLimited'; readonly until: number };

/** `saved` is what `takeChanges` of an earlier book of the rule gave, all its writes in one; the rule may have changed. */
export function createAlarmBook(terms: AlarmTerms, saved: ReadonlyMap<string, string>, ids: RuleIds): AlarmBook {
  const { state, unreadable } = loadBook(terms, saved, ids);
  let behind = state.groups.size > 0;
  return {
    receive: (alarms, now) => {
      keepUp(now);
      for (const alarm of alarms) takeAlarm(state, alarm, now);
    },
    replaceSource: (source, alarms, now) => {
      keepUp(now);
      resolveMissing(state, source, { alarms, now });
      for (const alarm of alarms) takeAlarm(state, alarm, now);
    },
    advance: (now, most = Number.POSITIVE_INFINITY) => {
      keepUp(now);
      const notices = advance(state, now, most);
      for (const notice of notices) {
        state.pending.set(noticeKey(notice), notice);
        state.changes.touch(noticeKey(notice));
      }
      state.sequence.seen = Math.max(state.sequence.seen, now);
      return notices;
    },
    sources: () => [...state.bySource.keys()],
    nextAt: () => nextAt(state),
    takeChanges: () => takeChanges(state),
    changesInSlices: (most) => changesInSlices(state, most),
    pending: () => [...state.pending.values()].sort(byDecision),
    done: (notice) => {
      if (state.pending.delete(noticeKey(notice))) state.changes.touch(noticeKey(notice));
    },
    view: (now) => viewBook(state, now),
    counts: () => ({ ...state.counts }),
    unreadable,
  };

  function keepUp(now: number): void {
    followClock(state, now);
    if (behind) catchUp(state, now);
    behind = false;
  }
}

function advance(state: BookState, now: number, most: number): readonly Notice[] {
  const notices: (Notice | undefined)[] = [digest(state, state.terms.quiet(now), now), heldBack(state, now)];
  for (let flushed = 0; flushed < most; flushed += 1) {
    const group = state.queue.take(now);
    if (!group) break;
    notices.push(flushGroup(state, group, now));
  }
  return notices.filter((notice) => notice !== undefined);
}

function nextAt(state: BookState): number | undefined {
  const { queue, quiet, rate, terms, sequence } = state;
  const room = rate.held && (nextRoom(rate, terms.rateLimit, sequence.seen) ?? sequence.seen);
  const times = [queue.nextAt(), quiet?.until, room].filter((time) => time !== undefined);
  // What was due before a book was loaded is not due in the past.
  return times.length > 0 ? Math.max(sequence.seen, Math.min(...times)) : undefined;
}

function byDecision(one: Notice, other: Notice): number {
  return one.at - other.at || (noticeKey(one) < noticeKey(other) ? -1 : 1);
}
