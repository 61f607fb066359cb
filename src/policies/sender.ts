// Whom a policy's mail comes from: its own From where its relays let it, else the first relay's sender. Pure.

import { domainAllowed, type MailAddress, parseAddress } from '../api/mail-address.ts';
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { SmtpRelaySpec } from '../api/smtp-relay.ts';
import type { Violation } from '../api/violation.ts';

export interface Sender {
  readonly kind: 'sender';
  readonly from: { readonly address: string; readonly name: string | undefined };
  readonly envelopeFrom: string;
  readonly replyTo: string | undefined;
}

export interface SendingRelay {
  readonly key: Key;
  readonly spec: Pick<SmtpRelaySpec, 'sender' | 'allowedSenders'>;
}

type Found = Sender | { readonly kind: 'violation'; readonly violation: Violation };

export function senderOf(
  policy: Key,
  { from }: Pick<NotificationPolicySpec, 'from'>,
  relays: readonly SendingRelay[],
): Found {
  const sender = relays[0]?.spec.sender;
  const address = from?.address ?? sender?.address;
  if (address === undefined) return wrong('there is no sender: set it here, or spec.sender.address of the relay');
  const parsed = parseAddress(address);
  if (parsed.kind === 'invalid') return wrong(parsed.message);
  const refusing = relays.find((relay) => !mayComeFrom(parsed, policy, relay));
  if (refusing)
    return wrong(`SmtpRelay "${keyText(refusing.key)}" does not send mail of ${parsed.text} for this policy`);
  return {
    kind: 'sender',
    from: { address: parsed.text, name: (from ? from.name : sender?.name) || undefined },
    envelopeFrom: sender?.envelopeFrom || sender?.address || parsed.text,
    replyTo: sender?.replyTo || undefined,
  };
}

/** Without a list, policies of the relay's own namespace may be anybody, others its sender alone. */
function mayComeFrom(address: MailAddress, policy: Key, { key, spec }: SendingRelay): boolean {
  const { allowedSenders, sender } = spec;
  if (allowedSenders === undefined) return key.namespace === policy.namespace || same(address, sender?.address);
  return allowedSenders.some((allowed) =>
    allowed.startsWith('*.') ? domainAllowed(address, [allowed]) : same(address, allowed),
  );
}

function same(address: MailAddress, text: string | undefined): boolean {
  const parsed = text === undefined ? undefined : parseAddress(text);
  return parsed?.kind === 'address' && parsed.text === address.text;
}

function wrong(message: string): Found {
  return { kind: 'violation', violation: { reason: 'ReferenceNotAllowed', fieldPath: 'spec.from.address', message } };
}
