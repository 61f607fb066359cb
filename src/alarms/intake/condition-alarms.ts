// Objects whose condition is bad for long enough, as alarms.
import type { AlarmRule } from '../../api/notification-policy.ts';
import type { Alarm } from '../alarm.ts';

export type ConditionSource = NonNullable<AlarmRule['sources']['resourceConditions']>[number];

/** The store's `StoredResource` is one. */
export interface SeenResource {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly object: Readonly<Record<string, unknown>>;
}

export interface ConditionOptions {
  readonly part: ConditionSource;
  /** `conditions/<index>` */
  readonly source: string;
  /** `firstBad` of the look before. */
  readonly firstBad: ReadonlyMap<string, number>;
  readonly now: number;
}

export interface ConditionAlarms {
  /** All that fire now: for `AlarmBook.replaceSource`. */
  readonly alarms: readonly Alarm[];
  /** When one more will fire by time alone. */
  readonly nextAt: number | undefined;
  /** Since when those are bad that do not say it themselves, by `<namespace>/<name>`. */
  readonly firstBad: ReadonlyMap<string, number>;
}
