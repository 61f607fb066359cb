// A mail address by RFC 5321 and RFC 6531, and no more: no display name, comment, route or second address ever passes, so
// that what an allow-list was asked about is what the server is told. Our own, because libraries guess.
import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';

export interface MailAddress {
  readonly kind: 'address';
  /** As it is sent: quoted only where it must be. */
  readonly local: string;
  /** Its local part can only be written in quotes. */
  readonly quoted: boolean;
  /** A-labels in lower case, or an address literal such as `[192.0.2.1]`. */
  readonly domain: string;
  readonly unicodeDomain: string;
  /** Only a server that offers SMTPUTF8 can take it. */
  readonly needsSmtpUtf8: boolean;
  /** `local@domain`: the envelope address. */
  readonly text: string;
}

export type ParsedAddress = MailAddress | { readonly kind: 'invalid'; readonly message: string };

export function parseAddress(text: string): ParsedAddress {
  // Refused before anything else: whatever could end a command or a header line.
  if (/[\p{Cc}\u2028\u2029\p{Cs}]/u.test(text)) {
    return invalid(text, 'it has a control character or a line break');
  }
  const at = atSign(text);
  if (at === undefined) return invalid(text, 'it is not of the form name@domain');
  const local = parseLocal(text.slice(0, at));
  if (local.kind === 'fault') return invalid(text, local.message);
  const domain = parseDomain(text.slice(at + 1));
  if (domain.kind === 'fault') return invalid(text, domain.message);
  const address = `${local.text}@${domain.ascii}`;
  if (octets(address) > 254) return invalid(text, 'it is longer than 254 octets');
  return {
    kind: 'address',
    local: local.text,
    quoted: local.quoted,
    domain: domain.ascii,
    unicodeDomain: domain.unicode,
    needsSmtpUtf8: !/^\p{ASCII}*$/u.test(local.text),
    text: address,
  };
}

/** `allowedRecipientDomains`: absent, every domain. `*.example.com` allows its subdomains, not example.com itself. */
export function domainAllowed(address: MailAddress, patterns: readonly string[] | undefined): boolean {
  if (patterns === undefined) return true;
  // A server may read these as a route to another domain than the one that was asked about.
  if (address.quoted || /[%!]/.test(address.local)) return false;
  return patterns.some((pattern) => matchesDomain(address.domain, pattern));
}

/** For lists and status: `j***@example.com`. */
export function maskAddress(text: string): string {
  const parsed = parseAddress(text);
  if (parsed.kind === 'invalid') return '***';
  const [first = '', ...rest] = parsed.local;
  const shown = parsed.quoted || rest.length === 0 ? '' : first;
  return `${shown}***@${parsed.domain}`;
}

function matchesDomain(domain: string, pattern: string): boolean {
  const wildcard = pattern.startsWith('*.');
  const parsed = parseDomain(wildcard ? pattern.slice(2) : pattern);
  // A pattern that cannot be read lets nothing through.
  if (parsed.kind === 'fault' || parsed.ascii.startsWith('[')) return false;
  return wildcard ? domain.endsWith(`.${parsed.ascii}`) : domain === parsed.ascii;
}

interface Fault {
  readonly kind: 'fault';
  readonly message: string;
}

/** After the closing quote of a quoted local part, else the first @: a second one is then refused in the domain. */
function atSign(text: string): number | undefined {
  const quoted = /^"(?:[^"\\]|\\.)*"/u.exec(text);
  if (text.startsWith('"') && !quoted) return undefined;
  const at = quoted ? quoted[0].length : text.indexOf('@');
  return text[at] === '@' && at > 0 ? at : undefined;
}

function parseLocal(
  written: string,
): Fault | { readonly kind: 'local'; readonly text: string; readonly quoted: boolean } {
  const content = written.startsWith('"') ? written.slice(1, -1).replace(/\\(.)/gu, '$1') : written;
  if (/[^\x20-\x7e]/u.test(content) && /[\p{C}\p{Z}]/u.test(content.replaceAll(' ', ''))) {
    return fault('its local part has an invisible character');
  }
  const bare = isDotAtom(content);
  if (!bare && !written.startsWith('"')) {
    return fault(`"${written}" cannot stand before the @ without quotes`);
  }
  // Allowed in quotes, and read by others as the end of the address all the same.
  if (/[<>]/.test(content)) return fault('its local part has an angle bracket');
  const text = bare ? content : `"${content.replace(/["\\]/g, '\\$&')}"`;
  if (octets(text) > 64) return fault('its local part is longer than 64 octets');
  return { kind: 'local', text, quoted: !bare };
}

/** RFC 5322 section 3.2.3, with RFC 6531's UTF8-non-ascii. */
function isDotAtom(text: string): boolean {
  return /^[a-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+(\.[a-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+)*$/iu.test(
    text,
  );
}

type Domain = Fault | { readonly kind: 'domain'; readonly ascii: string; readonly unicode: string };

function parseDomain(written: string): Domain {
  if (written.startsWith('[')) return parseLiteral(written);
  const plain = /(?![a-z0-9.-])[\x20-\x7e]/i.exec(written)?.[0];
  if (plain !== undefined) return fault(`its domain may not have the character "${plain}"`);
  const ascii = /^\p{ASCII}*$/u.test(written) ? written.toLowerCase() : domainToASCII(written);
  const labels = ascii.split('.');
  const wrong = labels.find((label) => !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label) || label.length > 63);
  if (wrong !== undefined)
    return fault(wrong === '' ? 'a part of its domain is empty' : `"${wrong}" is no part of a domain`);
  if (ascii.length > 255) return fault('its domain is longer than 255 characters');
  if (/^(0x[0-9a-f]*|[0-9]+)$/.test(labels.at(-1) ?? '')) return fault('its domain ends in a number');
  // What looks like another name, such as full-width letters, and internationalized labels that decode to nothing.
  if (!labels.some((label) => label.startsWith('xn--'))) {
    if (ascii !== written.toLowerCase()) return fault(`its domain is another spelling of ${ascii}; write that`);
    return { kind: 'domain', ascii, unicode: ascii };
  }
  const unicode = domainToUnicode(ascii);
  // A label that decodes to nothing stays as it is.
  const decoded = !/(^|\.)xn--/.test(unicode) && !/[\p{C}\p{Z}]/u.test(unicode) && domainToASCII(unicode) === ascii;
  if (!decoded) return fault('its domain is no internationalized name (IDNA)');
  return { kind: 'domain', ascii, unicode };
}

/** RFC 5321 section 4.1.3. */
function parseLiteral(written: string): Domain {
  const inner = /^\[(?:(IPv6):)?([0-9a-f:.]+)\]$/i.exec(written);
  const [, tag, address = ''] = inner ?? [];
  const valid = tag ? isIPv6(address) : isIPv4(address);
  if (!valid) return fault('its address literal is neither [192.0.2.1] nor [IPv6:2001:db8::1] in form');
  const ascii = tag ? `[IPv6:${address.toLowerCase()}]` : `[${address}]`;
  return { kind: 'domain', ascii, unicode: ascii };
}

function octets(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function fault(message: string): Fault {
  return { kind: 'fault', message };
}

function invalid(text: string, why: string): ParsedAddress {
  return { kind: 'invalid', message: `${JSON.stringify(text.slice(0, 100))} is no mail address: ${why}` };
}
