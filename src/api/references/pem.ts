// PEM texts (RFC 7468), and what people put there instead.
import { X509Certificate } from 'node:crypto';

export interface PemBlock {
  /** Such as `CERTIFICATE` or `RSA PRIVATE KEY`. */
  readonly label: string;
  readonly text: string;
}

/** In one pass, whatever a tenant's Secret holds: a block ends at the next marker, or is none. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { label: string; start: number } | undefined;
  for (const { 0: marker, 1: edge, 2: label = '', index } of text.matchAll(
    /-----(BEGIN|END) ([A-Z0-9 ]{1,64})-----/g,
  )) {
    if (edge === 'BEGIN') {
      open = { label, start: index };
      continue;
    }
    if (open?.label === label) blocks.push({ label, text: text.slice(open.start, index + marker.length) });
    open = undefined;
  }
  return blocks;
}

export function isPrivateKeyLabel(label: string): boolean {
  return label.endsWith('PRIVATE KEY');
}

/** What bytes without the PEM block that was looked for are, as a clause such as `holds DER (binary), not PEM; …`. */
export function notPem(bytes: Buffer, wanted: string): string {
  const text = bytes.toString('latin1').trim();
  const [block] = pemBlocks(text);
  if (block) return `holds a ${blockName(block.label)}, not ${wanted}`;
  if (bytes[0] === derSequence && !isPrintable(bytes)) {
    return `holds ${binaryForm(bytes)}, not PEM; convert it with openssl (-inform DER)`;
  }
  if (/-----BEGIN [A-Z0-9 ]{1,64}-----/.test(text)) {
    return `holds a PEM block without its end; ${wanted} ends with an -----END line`;
  }
  if (text.length > 64 && /^[A-Za-z0-9+/\r\n]+={0,2}$/.test(text)) {
    return `holds base64 without -----BEGIN and -----END lines, not ${wanted} in PEM form`;
  }
  return `does not hold ${wanted} in PEM form (-----BEGIN …)`;
}

const derSequence = 0x30;

function isPrintable(bytes: Buffer): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

function blockName(label: string): string {
  if (isPrivateKeyLabel(label)) return 'private key';
  if (label === 'CERTIFICATE REQUEST' || label === 'NEW CERTIFICATE REQUEST') return 'certificate request';
  return label === 'CERTIFICATE' ? 'certificate' : `PEM block ${label}`;
}

function binaryForm(bytes: Buffer): string {
  return isCertificate(bytes) ? 'a certificate in DER (binary) form' : 'binary data (DER or PKCS #12)';
}

function isCertificate(bytes: Buffer): boolean {
  return parseCertificate(bytes) !== undefined;
}

export function parseCertificate(encoded: Buffer | string): X509Certificate | undefined {
  try {
    return new X509Certificate(encoded);
  } catch {
    // Not a certificate: the caller says where it stands.
    return undefined;
  }
}
