// What running alarm rules needs from outside, beside what policies need.
import type { Key } from '../../api/resource.ts';
import type { AlarmStore } from '../../store/alarm-store.ts';
import type { Inbox } from '../../store/inbox.ts';
import type { Journal } from '../../store/journal.ts';

export interface AlarmDeps {
  /** A new one each time this replica becomes the one that runs alarm rules: a journal is loaded once. */
  readonly openJournal: () => Journal;
  /** Any replica puts; the one that runs alarm rules reads and removes. */
  readonly inbox: Inbox;
  readonly sources: AlarmStore;
  /** Whether this replica runs alarm rules now (it holds relaykeeper-alarms); without a cluster always. */
  readonly mayAlarm: () => boolean;
  /** Milliseconds from one write of the journal to the next at least: in a cluster 1,000, in a directory 0. */
  readonly minRound: number;
  /** Absent: nothing is counted. */
  readonly meter?: AlarmMeter | undefined;
}

/** What may be counted. */
export interface AlarmMeter {
  /** The mails of so many notices are in the outbox. */
  notified(notices: number): void;
  /** `spec.lastResort` was told that no relay works, or that one does again; or could not be. */
  lastResort(policy: Key, outcome: 'told' | 'failed'): void;
}
