// An alarm as a webhook's sender tells it, before a rule takes it: limits hold, and no character can break a header.
import type { Labels } from '../../api/label-matcher.ts';
import type { AlarmState } from '../alarm.ts';

export interface IncomingAlarm {
  readonly state: AlarmState;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** What tells it apart beside its labels; empty where they do, as with Alertmanager. */
  readonly text: string;
  /** Milliseconds since the epoch, by the sender's clock; undefined where it does not say. */
  readonly startsAt: number | undefined;
  /** When it was over, or will be unless it is told again; undefined where it does not say. */
  readonly endsAt: number | undefined;
  /** 1 at least. */
  readonly count: number;
  readonly url: string | undefined;
}

export type ParsedPayload =
  | { readonly kind: 'alarms'; readonly alarms: readonly IncomingAlarm[] }
  /** `path` is a JSON path such as `$.alerts[3].labels.severity`; `message` goes on from it: "must be a string". */
  | { readonly kind: 'refused'; readonly path: string; readonly message: string };
