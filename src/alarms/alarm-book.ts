// What one alarm rule knows, and whom it owes a mail: the alarms and groups of the rule, driven by `now` alone.
import type { Alarm, AlarmState } from './alarm.ts';
import type { Notice } from './notice.ts';

export interface AlarmBook {
  /** Takes what a source tells; alarms that the rule does not match are counted only. */
  readonly receive: (alarms: readonly Alarm[], now: number) => void;
  /** As `receive`, of a source that always tells all it has: what it does not tell any more is resolved now. */
  readonly replaceSource: (source: string, alarms: readonly Alarm[], now: number) => void;
  /** What is to be mailed now; each is pending until `done`. */
  readonly advance: (now: number) => readonly Notice[];
  /** When `advance` has to be called next; undefined: not before something is received. */
  readonly nextAt: () => number | undefined;
  /** What has to be written since the last call: JSON by key, undefined where the key goes. */
  readonly takeChanges: () => ReadonlyMap<string, string | undefined>;
  /** Notices that are not done yet, oldest first; a book made of saved state has those of the one before. */
  readonly pending: () => readonly Notice[];
  readonly done: (notice: Notice) => void;
  readonly view: (now: number) => AlarmBookView;
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
  /** Not remembered, since the rule has more alarms than it can hold. */
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
