// One alarm, whatever its source: what is wrong, since when, and how often it was seen.

export type AlarmState = 'Firing' | 'Resolved';

export interface Alarm {
  /** What makes it the same alarm when it is told again: 32 hexadecimal digits, made by `fingerprintOf`. */
  readonly fingerprint: string;
  /** Where it came from: only that source ends it (`webhook`, `events`, `relays`, `conditions/<hash>`, `test`). */
  readonly source: string;
  readonly state: AlarmState;
  /** `alertname`, `severity`, `namespace`, …: what is matched and grouped by. */
  readonly labels: Readonly<Record<string, string>>;
  /** `summary`, `description`, `runbook_url`, …: what is shown. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  /** When it was over; of a firing one when it counts as over unless it is told again; undefined: only its source knows. */
  readonly endsAt: number | undefined;
  readonly lastSeen: number;
  /** How often it happened since it began; 1 where its source does not count. */
  readonly count: number;
  /** A page about it at its source; shown only as http or https. */
  readonly url: string | undefined;
}
