// This operator's own troubles as alarms: relays that fail, certificates of theirs that run out.
import type { SmtpRelayStatus } from '../../api/smtp-relay.ts';
import type { Alarm } from '../alarm.ts';

export interface SeenRelay {
  readonly namespace: string;
  readonly name: string;
  readonly status: SmtpRelayStatus | undefined;
  /** spec.probe.certificateWarningDays */
  readonly certificateWarningDays: number;
}

export interface RelayAlarms {
  /** All that fire now, of source `relays`: for `AlarmBook.replaceSource`. */
  readonly alarms: readonly Alarm[];
  /** When one more will fire by time alone. */
  readonly nextAt: number | undefined;
}
