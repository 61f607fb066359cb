// The host of a relay as it is asked for in DNS and in TLS: an IP address, or a name of A-labels (RFC 5890).
import { isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

export type Host =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'invalid'; readonly what: string };

/** `domainToASCII` alone lets `a..b` and `a_b` through and turns `0x7f.1` into 127.0.0.1, so labels are looked at too. */
export function parseHost(text: string): Host {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return { kind: 'address', address: bare };
  const written = text.replace(/\.$/, '');
  const name = /^\p{ASCII}*$/u.test(written) ? written.toLowerCase() : domainToASCII(written);
  const fault = nameFault(name);
  return fault ? { kind: 'invalid', what: `"${text}" is no host name: ${fault}` } : { kind: 'name', name };
}

/** Host and port as one word: `mail.example.com:587`, `[2001:db8::1]:587`. */
export function endpoint(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'it cannot be written in DNS';
  if (name.length > 253) return 'it is longer than 253 characters';
  const labels = name.split('.');
  if (labels.some((label) => label === '')) return 'a part between two dots is empty';
  if (labels.some((label) => label.length > 63)) return 'a part is longer than 63 characters';
  // The underscore is no host name by RFC 1123, but resolvers answer it and Windows networks use it.
  const odd = labels.find((label) => !/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label));
  if (odd !== undefined) return `"${odd}" has a character that a host name may not have`;
  if (/^(0x[0-9a-f]*|[0-9]+)$/.test(labels.at(-1) ?? '')) return 'its last part is a number';
  return undefined;
}
