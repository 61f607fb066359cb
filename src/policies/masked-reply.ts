// A server's reply as it may be kept where many can read it: it often says the recipient's address back.
import { maskAddress } from '../api/mail-address.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';

export function maskedReply(reply: string, { envelope, identity }: Pick<OutboxEntry, 'envelope' | 'identity'>): string {
  // A sandbox's reply is about another address than the mail.
  return [envelope.to, identity.recipient].reduce(maskedIn, reply);
}

/** Servers say it back in letters of their own. */
function maskedIn(text: string, address: string): string {
  if (address === '') return text;
  return text.replaceAll(new RegExp(literal(address), 'giu'), maskAddress(address));
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
