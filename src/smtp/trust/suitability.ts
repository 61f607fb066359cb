// Certificates that may not serve here even when they are trusted: for another purpose, or too weak.
import type { KeyObject, X509Certificate } from 'node:crypto';
import { subjectOf } from '../../api/references/certificate-names.ts';
import type { Evidence, Fault } from './evidence.ts';

const serverAuth = '1.3.6.1.5.5.7.3.1';
const anyExtendedKeyUsage = '2.5.29.37.0';

/** RFC 5280 section 4.2.1.12. No extension means any purpose. */
export function usageFault({ chain }: Evidence): Fault | undefined {
  const [leaf] = chain;
  const usages: readonly string[] | undefined = leaf?.keyUsage;
  if (!leaf || !usages || usages.includes(serverAuth) || usages.includes(anyExtendedKeyUsage)) return undefined;
  return {
    reason: 'CertificateUnsuitable',
    what: `The certificate "${subjectOf(leaf)}" is not for TLS servers (extended key usage ${usages.join(', ')}).`,
    remedy: 'Give the server a certificate with the extended key usage "server authentication".',
  };
}

/** What OpenSSL refuses at its security level 2, said in words; a trusted root's own signature does not matter. */
export function strengthFault({ chain, verdict }: Evidence): Fault | undefined {
  if (verdict === undefined) return undefined;
  for (const certificate of chain) {
    const weakness = weakKey(certificate.publicKey) ?? weakSignature(certificate);
    if (weakness) {
      const what = `The certificate "${subjectOf(certificate)}" ${weakness}.`;
      return { reason: 'CertificateUnsuitable', what };
    }
  }
  return undefined;
}

function weakKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  const bits = asymmetricKeyDetails?.modulusLength;
  if (bits === undefined || bits >= 2048) return undefined;
  return `has a key of only ${bits} bits (${(asymmetricKeyType ?? '').toUpperCase()})`;
}

function weakSignature(certificate: X509Certificate): string | undefined {
  const algorithm = certificate.signatureAlgorithm;
  const isSelfIssued = certificate.subject === certificate.issuer;
  if (isSelfIssued || algorithm === undefined || !/md[245]|sha-?1(?!\d)/i.test(algorithm)) return undefined;
  return `is signed with ${algorithm}`;
}
