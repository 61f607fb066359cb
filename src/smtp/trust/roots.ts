// Which certificates are trusted, as objects to look issuers up in and as a context for handshakes. Both are kept, by
// content, so that a rotated CA counts at once and a steady relay costs no parsing.
import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { TargetTls } from '../relay-target.ts';

export type ContextResult =
  | { readonly kind: 'context'; readonly context: SecureContext }
  | {
      readonly kind: 'unusable';
      readonly reason: 'CertificateUnparsable' | 'PrivateKeyUnparsable';
      readonly what: string;
    };

const contexts = new Map<string, SecureContext>();
const mostContexts = 64;

export function secureContext(tls: TargetTls): ContextResult {
  const key = contextKey(tls);
  const kept = contexts.get(key);
  const context = kept ?? createContext(tls);
  if ('kind' in context) return context;
  contexts.delete(key);
  contexts.set(key, context);
  const oldest = contexts.keys().next().value;
  if (contexts.size > mostContexts && oldest !== undefined) contexts.delete(oldest);
  return { kind: 'context', context };
}

function createContext(tls: TargetTls): SecureContext | Exclude<ContextResult, { kind: 'context' }> {
  const { trustedCertificates, includeSystemRoots, clientCertificate, minVersion } = tls;
  try {
    return createSecureContext({
      ca: [...trustedCertificates, ...(includeSystemRoots ? systemRoots() : [])],
      minVersion,
      // An intermediate that the user names is trusted as it is; its root need not be there.
      allowPartialTrustChain: true,
      ...(clientCertificate ? { cert: clientCertificate.certificate, key: clientCertificate.privateKey } : {}),
    });
  } catch (error) {
    return unusable(tls, error);
  }
}

function unusable(
  { trustedCertificates, trustedFrom }: TargetTls,
  error: unknown,
): Exclude<ContextResult, { kind: 'context' }> {
  const bad = trustedCertificates.find((pem) => parseCertificate(pem) === undefined);
  if (bad !== undefined) {
    const what = `${trustedFrom ?? 'The trusted certificates'} cannot be read as PEM certificates.`;
    return { kind: 'unusable', reason: 'CertificateUnparsable', what };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return {
    kind: 'unusable',
    reason: 'PrivateKeyUnparsable',
    what: `The client certificate and its private key cannot be used together (${code}).`,
  };
}

function contextKey({ trustedCertificates, includeSystemRoots, clientCertificate, minVersion }: TargetTls): string {
  const parts = [trustedCertificates, includeSystemRoots, clientCertificate ?? null, minVersion];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

let keptRoots: readonly string[] | undefined;

/** The operating system's and Node's own (with NODE_EXTRA_CA_CERTS), read once: they change with the image. */
function systemRoots(): readonly string[] {
  keptRoots ??= [...new Set([...getCACertificates('system'), ...getCACertificates('default')])];
  return keptRoots;
}

let keptSystemAnchors: readonly X509Certificate[] | undefined;

export function systemAnchors(): readonly X509Certificate[] {
  keptSystemAnchors ??= systemRoots().flatMap((pem) => parseCertificate(pem) ?? []);
  return keptSystemAnchors;
}

/** The certificates that this relay's spec trusts. */
export function trustAnchors({ trustedCertificates, includeSystemRoots }: TargetTls): readonly X509Certificate[] {
  const given = trustedCertificates.flatMap(splitPem).flatMap((pem) => parseCertificate(pem) ?? []);
  return includeSystemRoots ? [...given, ...systemAnchors()] : given;
}

/** One PEM text may hold many certificates. */
function splitPem(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // who asks tells it to the user
  }
}
