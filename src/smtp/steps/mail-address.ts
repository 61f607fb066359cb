// A mail address as it stands in MAIL FROM and RCPT TO: its domain in A-labels, and whether SMTPUTF8 is needed (RFC 6531).
import { domainToASCII } from 'node:url';

export type EnvelopeAddress =
  | { readonly kind: 'usable'; readonly path: string; readonly needsUtf8: boolean }
  | { readonly kind: 'invalid'; readonly what: string };

/** Refuses whatever could end the command or become another recipient: an address comes from a manifest, not from a mail program. */
export function envelopeAddress(address: string): EnvelopeAddress {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not pass
  const forbidden = /[\x00-\x20\x7f-\x9f<>()[\]\\,;:"\u2028\u2029]/;
  if (at < 1 || domain === '' || forbidden.test(local)) {
    return { kind: 'invalid', what: `"${address.slice(0, 100)}" is no mail address` };
  }
  const ascii = /^\[[0-9a-fA-F:.IPv]+\]$/.test(domain) ? domain : domainToASCII(domain);
  if (ascii === '' || /[^a-zA-Z0-9.[\]:_-]/.test(ascii)) {
    return { kind: 'invalid', what: `"${address.slice(0, 100)}" has no valid domain` };
  }
  return { kind: 'usable', path: `${local}@${ascii}`, needsUtf8: !/^[\x20-\x7e]*$/.test(local) };
}
