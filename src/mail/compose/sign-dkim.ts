// DKIM (RFC 6376, RFC 8463): signs a composed message, if its From is the signing domain's, by RSA or Ed25519.
import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { domainToASCII } from 'node:url';

export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

export type SignResult =
  | { readonly kind: 'signed'; readonly raw: Buffer }
  /** Sent as it is: a signature of another domain helps nobody (RFC 7489 section 3.1.1). */
  | { readonly kind: 'unsigned'; readonly message: string };

export function signDkim(raw: Buffer, { domain, selector, privateKey }: DkimKey): SignResult {
  const { headers, body } = split(raw);
  const from = headers.filter(({ name }) => name === 'from');
  const sender = from.length === 1 ? senderDomain(from[0]?.line ?? '') : undefined;
  const signing = domainToASCII(domain);
  if (sender !== signing && !sender?.endsWith(`.${signing}`)) {
    return { kind: 'unsigned', message: `From is of ${sender ?? 'no single domain'}, not of ${signing}: not signed` };
  }
  const key = createPrivateKey(privateKey);
  // From twice: with the second, empty one, a From that is added on the way breaks the signature (section 8.15).
  const chosen = signedHeaders.filter((name) => headers.some((header) => header.name === name));
  const tags = [
    'v=1',
    `a=${key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa'}-sha256`,
    'c=relaxed/relaxed',
    `d=${signing}`,
    `s=${selector}`,
    `h=${[...chosen, 'from'].join(':')}`,
    `bh=${createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64')}`,
    'b=',
  ];
  const unsigned = `DKIM-Signature: ${tags.join(';\r\n ')}`;
  const lines = chosen.map((name) => relaxedHeader(headers.findLast((header) => header.name === name)?.line ?? ''));
  const signature = signatureOf([...lines, relaxedHeader(unsigned)].join('\r\n'), key);
  const folded = signature.match(/.{1,72}/g)?.join('\r\n ') ?? '';
  return { kind: 'signed', raw: Buffer.concat([Buffer.from(`${unsigned}${folded}\r\n`), raw]) };
}

/** RFC 6376 section 5.4.1, of those that this program writes. */
const signedHeaders = [
  ...['from', 'reply-to', 'subject', 'date', 'message-id', 'to', 'mime-version', 'content-type'],
  ...['content-transfer-encoding', 'auto-submitted'],
];

/** Ed25519 signs the hash, as RFC 8463 section 3 has it. */
function signatureOf(text: string, key: KeyObject): string {
  const data = Buffer.from(text, 'latin1');
  const signature =
    key.asymmetricKeyType === 'ed25519'
      ? sign(null, createHash('sha256').update(data).digest(), key)
      : sign('sha256', data, key);
  return signature.toString('base64');
}

interface Header {
  readonly name: string;
  readonly line: string;
}

/** As latin1: one character a byte, so that nothing is changed by reading it. */
function split(raw: Buffer): { readonly headers: readonly Header[]; readonly body: string } {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const lines = head.split(/\r\n(?![ \t])/).filter((line) => line !== '');
  const headers = lines.map((line) => ({ name: line.slice(0, line.indexOf(':')).trim().toLowerCase(), line }));
  return { headers, body: end < 0 ? '' : text.slice(end + 4) };
}

/** Section 3.4.2. */
function relaxedHeader(line: string): string {
  const colon = line.indexOf(':');
  const value = line
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ');
  return `${line.slice(0, colon).trim().toLowerCase()}:${value.replace(/^ | $/g, '')}`;
}

/** Section 3.4.4. */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  const last = lines.findLastIndex((line) => line !== '');
  return lines
    .slice(0, last + 1)
    .map((line) => `${line}\r\n`)
    .join('');
}

/** The domain of the one address in a From that `composeMessage` wrote. */
function senderDomain(line: string): string | undefined {
  const value = line
    .slice(line.indexOf(':') + 1)
    .replace(/\r\n/g, '')
    .trim();
  const address = /<([^<>]*)>$/.exec(value)?.[1] ?? value;
  return /@([a-z0-9.-]+)$/i.exec(address)?.[1]?.toLowerCase();
}
