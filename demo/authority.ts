// A certificate authority in memory, for servers of the demo and the tests. What it issues is valid by RFC 5280,
// unless the caller asks for a particular fault.
import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { generateKeyPair, type KeyType, privateKeyPem } from './key-pair.ts';

export interface Authority {
  readonly certificatePem: string;
  readonly issue: (wanted?: LeafOptions) => Promise<Issued>;
  /** An authority below this one; what it issues has it in `chainPem`. */
  readonly intermediate: (name: string, options?: Omit<AuthorityOptions, 'name'>) => Promise<Authority>;
}

export interface Issued {
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
  /** The certificate and the intermediates up to the root, without the root: what a server sends. */
  readonly chainPem: string;
}

export interface AuthorityOptions extends Validity {
  readonly name?: string;
  readonly keyAlgorithm?: KeyType;
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

export interface Validity {
  /** An hour ago by default, so that clocks may differ. */
  readonly notBefore?: Date;
  /** In a year by default. */
  readonly notAfter?: Date;
}

/** A new root. */
export async function createAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const name = options.name ?? 'Relaykeeper Demo CA';
  const keys = await generateKeyPair(options.keyAlgorithm);
  const signer = { subject: subjectOf(name), keys };
  const extensions = authorityExtensions();
  const certificate = await certify(
    { signer, subject: signer.subject, publicKey: keys.publicKey, extensions },
    options,
  );
  return authority({ ...signer, intermediates: [] }, certificate);
}

/** A server's certificate that signed itself. */
export async function selfSigned(wanted: LeafOptions = {}): Promise<Issued> {
  const subject = subjectOf(leafName(wanted));
  const keys = await generateKeyPair(wanted.keyType);
  const signer = { subject, keys };
  const certificatePem = await certify(
    { signer, subject, publicKey: keys.publicKey, extensions: leafExtensions(wanted) },
    wanted,
  );
  return { certificatePem, privateKeyPem: await privateKeyPem(keys.privateKey), chainPem: certificatePem };
}

interface Signer {
  readonly subject: x509.JsonName;
  readonly keys: webcrypto.CryptoKeyPair;
}

function authority(signer: Signer & { intermediates: readonly string[] }, certificatePem: string): Authority {
  return {
    certificatePem,
    issue: async (wanted = {}) => {
      const keys = await generateKeyPair(wanted.keyType);
      const subject = subjectOf(leafName(wanted));
      const extensions = leafExtensions(wanted);
      const leaf = await certify({ signer, subject, publicKey: keys.publicKey, extensions }, wanted);
      const chainPem = [leaf, ...signer.intermediates].join('');
      return { certificatePem: leaf, privateKeyPem: await privateKeyPem(keys.privateKey), chainPem };
    },
    intermediate: async (name, options = {}) => {
      const keys = await generateKeyPair(options.keyAlgorithm);
      const below = { subject: subjectOf(name), keys };
      const extensions = authorityExtensions();
      const pem = await certify({ signer, subject: below.subject, publicKey: keys.publicKey, extensions }, options);
      return authority({ ...below, intermediates: [pem, ...signer.intermediates] }, pem);
    },
  };
}

interface Certified {
  readonly signer: Signer;
  readonly subject: x509.JsonName;
  readonly publicKey: webcrypto.CryptoKey;
  readonly extensions: readonly x509.Extension[];
}

async function certify(
  { signer, subject, publicKey, extensions }: Certified,
  validity: Validity & { readonly hash?: 'SHA-256' | 'SHA-1' },
): Promise<string> {
  const hour = 3_600_000;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    issuer: signer.subject,
    subject,
    publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: { name: signer.keys.privateKey.algorithm.name, hash: validity.hash ?? 'SHA-256' },
    notBefore: validity.notBefore ?? new Date(Date.now() - hour),
    notAfter: validity.notAfter ?? new Date(Date.now() + 365 * 24 * hour),
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey),
    ],
  });
  return `${certificate.toString('pem').trim()}\n`;
}

/** Positive, and never the same twice for one issuer (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  return `4${randomBytes(16).toString('hex').slice(1)}`;
}

function authorityExtensions(): x509.Extension[] {
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
  ];
}

function leafExtensions(wanted: LeafOptions): x509.Extension[] {
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const isRsa = (wanted.keyType ?? 'ec') !== 'ec';
  const extensions = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(isRsa ? digitalSignature | keyEncipherment : digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(extendedKeyUsages(wanted.usages ?? 'server')),
  ];
  return wanted.sanAbsent ? extensions : [...extensions, new x509.SubjectAlternativeNameExtension(namesOf(wanted))];
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

function leafName(wanted: LeafOptions): string {
  const named = wanted.commonName ?? wanted.dnsNames?.[0] ?? wanted.ipAddresses?.[0] ?? 'localhost';
  return isIP(named) === 0 ? named : `host ${named}`;
}

function subjectOf(commonName: string): x509.JsonName {
  return [{ CN: [commonName] }];
}
