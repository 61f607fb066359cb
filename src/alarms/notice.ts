// What one mail of an alarm rule says, decided and frozen: made again after a crash it is the same.
import type { Alarm, AlarmState } from './alarm.ts';

/** `endsAt` of a resolved one. */
export type NoticeAlarm = Omit<Alarm, 'fingerprint' | 'source'>;

/** Rows of one mail at most; how many there are besides is told. */
export const noticeRows = 50;

interface AnyNotice {
  /** 32 hexadecimal digits: the group, or the rule for a digest and what was held back. */
  readonly group: string;
  /** Names this mail among all of its group, also after the state was lost: `<beginning>/<number>`. */
  readonly occasion: string;
  /** The occasion of the first mail of its thread; its own for the first. */
  readonly thread: string;
  /** When it was decided, milliseconds since the epoch. */
  readonly at: number;
}

/** Why a group is told now, in Alertmanager's order of reasons. */
export type NoticeReason = 'First' | 'NewAlarms' | 'AllResolved' | 'SomeResolved' | 'Repeat';

export interface GroupNotice extends AnyNotice {
  readonly kind: 'Group';
  readonly reason: NoticeReason;
  /** Firing as long as one alarm does. */
  readonly state: AlarmState;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly firing: number;
  readonly resolved: number;
  /** The firing before the resolved ones, `noticeRows` at most. */
  readonly alarms: readonly NoticeAlarm[];
}

/** After a quiet period: what waited. */
export interface DigestNotice extends AnyNotice {
  readonly kind: 'Digest';
  readonly from: number;
  readonly until: number;
  readonly stillFiring: number;
  readonly cameAndWent: number;
  readonly stillFiringAlarms: readonly NoticeAlarm[];
  readonly cameAndWentAlarms: readonly NoticeAlarm[];
}

/** Past the rate limit: what was not told one by one. */
export interface HeldBackNotice extends AnyNotice {
  readonly kind: 'HeldBack';
  readonly from: number;
  readonly until: number;
  /** Mails that were not sent. */
  readonly heldBack: number;
  readonly groups: readonly {
    readonly groupLabels: Readonly<Record<string, string>>;
    readonly state: AlarmState;
    readonly firing: number;
    readonly resolved: number;
    readonly heldBack: number;
  }[];
}

export type Notice = GroupNotice | DigestNotice | HeldBackNotice;
