// A mail address as it stands in MAIL FROM and RCPT TO: its domain in A-labels, and whether SMTPUTF8 is needed (RFC 6531).
import { parseAddress } from '../../api/mail-address.ts';

export type EnvelopeAddress =
  | { readonly kind: 'usable'; readonly path: string; readonly needsUtf8: boolean }
  | { readonly kind: 'invalid'; readonly what: string };

/** By the grammar that every other address is read by: one that is accepted there is not refused here. */
export function envelopeAddress(address: string): EnvelopeAddress {
  const parsed = parseAddress(address);
  return parsed.kind === 'invalid'
    ? { kind: 'invalid', what: parsed.message }
    : { kind: 'usable', path: parsed.text, needsUtf8: parsed.needsSmtpUtf8 };
}
