// Whether a relay may have this message at all, by what is declared; asked again for each try, as relays are edited.

import { domainAllowed, parseAddress } from '../../api/mail-address.ts';
import { keyText } from '../../api/resource.ts';
import type { OutboxEntry } from '../outbox/outbox.ts';
import type { DeliveryRelay } from './relay-directory.ts';

export type Unfit =
  /** No relay may have it. */
  | { readonly kind: 'forbidden'; readonly reason: string }
  /** This one may not; another one may. `final`: nor will it ever, as it is declared. */
  | { readonly kind: 'heldBack'; readonly reason: string; readonly message: string; readonly final?: true };

export function relayUnfit(
  entry: Pick<OutboxEntry, 'envelope' | 'confidential'>,
  relay: DeliveryRelay,
): Unfit | undefined {
  const recipient = parseAddress(entry.envelope.to);
  if (recipient.kind === 'invalid') return { kind: 'forbidden', reason: 'RecipientInvalid' };
  if (!domainAllowed(recipient, relay.allowedRecipientDomains)) {
    const message = `Held back: relay ${keyText(relay.key)} does not send to the recipient's domain (spec.allowedRecipientDomains).`;
    return { kind: 'heldBack', reason: 'RecipientNotAllowed', message, final: true };
  }
  const { mode } = relay.target.tls;
  if (!entry.confidential || mode === 'StartTls' || mode === 'Implicit') return undefined;
  const message = `Held back: it holds a password, and relay ${keyText(relay.key)} has spec.tls.mode ${mode}; StartTls or Implicit is needed.`;
  return { kind: 'heldBack', reason: 'EncryptionRequired', message };
}
