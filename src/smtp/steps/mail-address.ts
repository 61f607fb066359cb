// A mail address as it stands in MAIL FROM and RCPT TO: its domain in A-labels, and whether SMTPUTF8 is needed (RFC 6531).
import { parseHost } from '../network/host-name.ts';

export type EnvelopeAddress =
  | { readonly kind: 'usable'; readonly path: string; readonly needsUtf8: boolean }
  | { readonly kind: 'invalid'; readonly what: string };

/** Refuses whatever could end the command or become another recipient: an address comes from a manifest, not from a mail program. */
export function envelopeAddress(address: string): EnvelopeAddress {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  if (at < 1 || !isDotString(local)) return { kind: 'invalid', what: `"${address.slice(0, 100)}" is no mail address` };
  const domain = domainOf(address.slice(at + 1));
  if (domain === undefined) return { kind: 'invalid', what: `"${address.slice(0, 100)}" has no valid domain` };
  return { kind: 'usable', path: `${local}@${domain}`, needsUtf8: !/^[\x20-\x7e]*$/.test(local) };
}

/** RFC 5321 section 4.1.2, with the characters of RFC 6531; a quoted local part is refused like all that needs one. */
function isDotString(local: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not pass
  const forbidden = /[\x00-\x20\x7f-\x9f<>()[\]\\,;:"@\u2028\u2029]/;
  return !forbidden.test(local) && local.split('.').every((atom) => atom !== '');
}

function domainOf(text: string): string | undefined {
  if (/^\[[0-9a-fA-F:.IPv]+\]$/.test(text)) return text;
  const host = parseHost(text);
  return host.kind === 'name' && !text.endsWith('.') ? host.name : undefined;
}
