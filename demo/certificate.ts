// One X.509 certificate (RFC 5280), made to measure.
import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { KeyType } from './key-pair.ts';

export interface Validity {
  /** An hour ago by default, so that clocks may differ. */
  readonly notBefore?: Date;
  /** In a year by default. */
  readonly notAfter?: Date;
}

export interface LeafOptions extends Validity {
  readonly commonName?: string;
  /** `localhost` where neither this nor `ipAddresses` is given. */
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly keyType?: KeyType;
  /** Extended key usage; `server` by default. */
  readonly usages?: 'server' | 'client' | 'both';
  /** Leaves out the subject alternative names, as very old certificates do. */
  readonly sanAbsent?: boolean;
  /** `SHA-1` is too weak on purpose. */
  readonly hash?: 'SHA-256' | 'SHA-1';
}

export interface Signer {
  readonly commonName: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface Certified {
  readonly signer: Signer;
  readonly commonName: string;
  readonly publicKey: webcrypto.CryptoKey;
  readonly extensions: readonly x509.Extension[];
}

/** Signs a certificate; PEM, with a line break at its end. */
export async function certify(
  { signer, commonName, publicKey, extensions }: Certified,
  { hash, notBefore, notAfter }: Validity & { readonly hash?: 'SHA-256' | 'SHA-1' },
): Promise<string> {
  const hour = 3_600_000;
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    issuer: [{ CN: [signer.commonName] }],
    subject: [{ CN: [commonName] }],
    publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: { name: signer.keys.privateKey.algorithm.name, hash: hash ?? 'SHA-256' },
    notBefore: notBefore ?? new Date(now - hour),
    notAfter: notAfter ?? new Date(now + 365 * 24 * hour),
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey),
    ],
  });
  return `${certificate.toString('pem').trim()}\n`;
}

export function authorityExtensions(): x509.Extension[] {
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
  ];
}

export function leafExtensions(wanted: LeafOptions): x509.Extension[] {
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const isRsa = (wanted.keyType ?? 'ec') !== 'ec';
  const extensions = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(isRsa ? digitalSignature | keyEncipherment : digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(extendedKeyUsages(wanted.usages ?? 'server')),
  ];
  return wanted.sanAbsent ? extensions : [...extensions, new x509.SubjectAlternativeNameExtension(namesOf(wanted))];
}

/** The common name that a certificate gets where none was asked for. */
export function leafName(wanted: LeafOptions): string {
  const named = wanted.commonName ?? wanted.dnsNames?.[0] ?? wanted.ipAddresses?.[0] ?? 'localhost';
  return isIP(named) === 0 ? named : `host ${named}`;
}

/** Positive, and never the same twice for one issuer (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  return `4${randomBytes(16).toString('hex').slice(1)}`;
}

function extendedKeyUsages(usages: 'server' | 'client' | 'both'): x509.ExtendedKeyUsageType[] {
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  if (usages === 'both') return [serverAuth, clientAuth];
  return [usages === 'server' ? serverAuth : clientAuth];
}

function namesOf({ dnsNames, ipAddresses }: LeafOptions): x509.JsonGeneralNames {
  const names = dnsNames ?? (ipAddresses === undefined ? ['localhost'] : []);
  return [
    ...names.map((value) => ({ type: 'dns' as const, value })),
    ...(ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
}
