// The path from a server's certificate to the one that is trusted, as OpenSSL builds it: the trusted first, so that what
// a server sends beside it does not matter. Node tells only what was sent, not what was used.
import type { X509Certificate } from 'node:crypto';

export interface PathOptions {
  readonly anchors: readonly X509Certificate[];
  readonly now: number;
}

const longestPath = 10;

/** From the server's own up, each signed by the next; where nothing trusted is reached, as far as what was sent leads. */
export function certificatePath(
  sent: readonly X509Certificate[],
  { anchors, now }: PathOptions,
): readonly X509Certificate[] {
  const [leaf] = sent;
  const path: X509Certificate[] = [];
  let trusted = false;
  for (let next = leaf; next && !isAmong(next, path) && path.length < longestPath; ) {
    path.push(next);
    trusted ||= isAmong(next, anchors);
    next = issuerOf(next, anchors, now) ?? (trusted ? undefined : issuerOf(next, sent, now));
  }
  return path;
}

export function isAmong({ fingerprint256 }: X509Certificate, certificates: readonly X509Certificate[]): boolean {
  return certificates.some((one) => one.fingerprint256 === fingerprint256);
}

export function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.subject === certificate.issuer && certificate.verify(issuer.publicKey);
}

/** Of several for one key (a renewed root, a cross-signed one), a valid one. */
function issuerOf(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
  now: number,
): X509Certificate | undefined {
  const issuers = candidates.filter((candidate) => issued(candidate, certificate));
  return issuers.find((issuer) => isValid(issuer, now)) ?? issuers[0];
}

export function isValid({ validFromDate, validToDate }: X509Certificate, now: number): boolean {
  return validFromDate.getTime() <= now && now <= validToDate.getTime();
}
