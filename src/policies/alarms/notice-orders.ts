// The mails of one notice, as orders: one for each recipient, by an identity that makes it once however often it is told.

import { alarmMail } from '../../alarms/alarm-mail.ts';
import type { Notice } from '../../alarms/notice.ts';
import { parseDuration } from '../../api/duration.ts';
import type { AlarmRule } from '../../api/notification-policy.ts';
import { dayMilliseconds } from '../../api/zone-clock.ts';
import { type MessageIdentity, messageId } from '../../mail/identity.ts';
import { chainKeys } from '../delivery-relays.ts';
import type { MailOrder } from '../make-message.ts';
import type { PolicyScene } from '../read-policy.ts';
import type { TemplateFor } from '../rule-templates.ts';
import type { AlarmRecipient } from './alarm-recipients.ts';

export interface NoticeFacts {
  readonly scene: PolicyScene;
  readonly rule: AlarmRule;
  readonly template: TemplateFor;
  readonly now: number;
}

/** How long it is remembered that it was sent: much longer than a notice can wait to be told. */
const remembered = 30 * dayMilliseconds;

export function noticeOrder(recipient: AlarmRecipient, { scene, rule, template, now }: NoticeFacts): MailOrder {
  const { notice, address, role, locale, timeZone = rule.timeZone } = recipient;
  const identity = identityOf(notice, notice.occasion, { scene, rule, address });
  const mail = alarmMail(notice, {
    rule: { ...rule, timeZone },
    policy: scene.key,
    senderName: scene.sender.from.name,
    recipientRole: role,
  });
  const first = notice.thread === notice.occasion;
  return {
    id: messageId(identity),
    identity,
    kind: mail.kind,
    template,
    data: mail.data,
    locale,
    timeZone,
    confidential: false,
    thread: {
      root: first ? undefined : messageId(identityOf(notice, notice.thread, { scene, rule, address })),
      topic: mail.topic,
    },
    urgent: mail.urgent,
    secrets: [],
    seen: '',
    deliverBy: now + withinOf(scene),
    rememberUntil: now + remembered,
    route: { relays: chainKeys(scene.spec, scene.key), from: scene.spec.from?.address },
  };
}

interface Whose {
  readonly scene: PolicyScene;
  readonly rule: AlarmRule;
  readonly address: string;
}

function identityOf(notice: Notice, occasion: string, { scene, rule, address }: Whose): MessageIdentity {
  return {
    policy: scene.key,
    ruleKind: 'Alarm',
    rule: rule.name,
    subject: { namespace: scene.key.namespace, name: notice.group },
    occasion,
    recipient: address,
    part: 'Main',
  };
}

function withinOf({ spec }: PolicyScene): number {
  return parseDuration(spec.deliverWithin.alarms) ?? 0;
}
