// Events of a cluster as alarms.
import type { AlarmRule } from '../../api/notification-policy.ts';
import type { Alarm } from '../alarm.ts';

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
