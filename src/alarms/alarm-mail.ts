// What a notice says, as the variables of its mail.
import type { AlarmRule } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import {
  type AlarmMail,
  type AnyAlarmMail,
  alarmDigestData,
  alarmGroupData,
  heldBackData,
} from '../mail/alarms/alarm-data.ts';
import type { RecipientRole } from '../mail/builtin/mail-data.ts';
import type { Notice } from './notice.ts';

export interface AlarmMailFacts {
  readonly rule: Pick<AlarmRule, 'name' | 'links' | 'timeZone'>;
  readonly policy: Key;
  readonly senderName: string | undefined;
  readonly recipientRole: RecipientRole;
}

/** `kind` and `data` for the template, `topic` for the thread; `urgent` when something critical fires. */
export function alarmMail(notice: Notice, facts: AlarmMailFacts): AlarmMail {
  const any = anyMail(notice, facts);
  switch (notice.kind) {
    case 'Group':
      return alarmGroupData({ ...any, ...notice });
    case 'Digest':
      return alarmDigestData({ ...any, ...notice });
    case 'HeldBack':
      return heldBackData({ ...any, ...notice });
  }
}

function anyMail({ at }: Notice, { rule, policy, senderName, recipientRole }: AlarmMailFacts): AnyAlarmMail {
  return {
    ruleName: rule.name,
    policyName: policy.name,
    links: rule.links ?? [],
    timeZone: rule.timeZone,
    ...{ at, senderName, recipientRole },
  };
}
