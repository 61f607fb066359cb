// Whom alarm mails come from: the policy's From, else alarms@<EHLO name> of its first relay, so that mail rules can tell
// them from other mail. Where relays do not let the policy be that (spec.allowedSenders), or the name is no domain, it is
// the relay's sender as with other mails. Pure.
import type { NotificationPolicySpec } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import { ehloNameFor } from '../../relays/ehlo-name.ts';
import type { OperatorSettings } from '../../relays/operator-settings.ts';
import type { KnownRelay } from '../relay-book.ts';
import { senderOf } from '../sender.ts';

export interface AlarmSenderFacts {
  /** In the policy's order. */
  readonly relays: readonly KnownRelay[];
  readonly settings: Pick<OperatorSettings, 'ehloName' | 'hostName'>;
}

export function alarmSenderOf(
  policy: Key,
  { from }: Pick<NotificationPolicySpec, 'from'>,
  { relays, settings }: AlarmSenderFacts,
): ReturnType<typeof senderOf> {
  const sending = relays.map(({ key, relay }) => ({ key, spec: relay.spec }));
  const own = from ?? alarmsAddress(relays[0], settings);
  const sender = senderOf(policy, own ? { from: own } : {}, sending);
  return from === undefined && sender.kind === 'violation' ? senderOf(policy, {}, sending) : sender;
}

function alarmsAddress(
  first: KnownRelay | undefined,
  settings: AlarmSenderFacts['settings'],
): NotificationPolicySpec['from'] {
  const name = first && ehloNameFor(first.relay.spec, settings);
  // RFC 5321 §4.1.3: an address literal names no domain that mail could come from.
  if (name === undefined || !name.includes('.') || name.startsWith('[')) return undefined;
  const senderName = first?.relay.spec.sender?.name;
  return { address: `alarms@${name}`, ...(senderName && { name: senderName }) };
}
