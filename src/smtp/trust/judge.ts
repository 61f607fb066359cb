// What is wrong with a server's certificates, all of it, causes before their consequences. OpenSSL's verdict is the gate:
// where it refused the chain, at least one fault is found here, if only by its own words.

import { certificateNames, subjectOf } from '../../api/references/certificate-names.ts';
import type { Evidence, Fault } from './evidence.ts';
import { issuerFault } from './issuer-fault.ts';
import { spkiSha256 } from './peer-chain.ts';
import { strengthFault, usageFault } from './suitability.ts';

type Check = (evidence: Evidence) => Fault | undefined;

const checks: readonly Check[] = [
  issuerFault,
  expired,
  notYetValid,
  usageFault,
  strengthFault,
  nameMismatch,
  pinMismatch,
];

export function certificateFaults(evidence: Evidence): Fault[] {
  if (evidence.chain.length === 0) {
    return [{ reason: 'CertificateUnsuitable', what: 'The server presented no certificate.' }];
  }
  const faults = checks.flatMap((check) => check(evidence) ?? []);
  const explained = faults.some(({ reason }) => reason !== 'HostnameMismatch' && reason !== 'CertificatePinMismatch');
  return evidence.verdict === undefined || explained ? faults : [byVerdict(evidence.verdict), ...faults];
}

function expired({ chain, now }: Evidence): Fault | undefined {
  const old = chain.find((certificate) => certificate.validToDate.getTime() < now);
  if (!old) return undefined;
  const isLeaf = old === chain[0];
  const what = `The certificate "${subjectOf(old)}" expired on ${day(old.validToDate)}.`;
  const remedy = isLeaf
    ? undefined
    : `Install a chain with a valid certificate of "${subjectOf(old)}" on the mail server, or trust its renewed one.`;
  return { reason: 'CertificateExpired', what, ...(remedy ? { remedy } : {}) };
}

function notYetValid({ chain, now }: Evidence): Fault | undefined {
  const early = chain.find((certificate) => certificate.validFromDate.getTime() > now);
  if (!early) return undefined;
  const what = `The certificate "${subjectOf(early)}" is valid only from ${early.validFromDate.toISOString()}; here it is ${new Date(now).toISOString()}.`;
  return { reason: 'CertificateNotYetValid', what };
}

/** RFC 9525: only subject alternative names, and a wildcard only for a whole leftmost label. */
function nameMismatch({ chain, host, tls }: Evidence): Fault | undefined {
  const [leaf] = chain;
  if (!leaf || host.kind === 'invalid') return undefined;
  const wanted = host.kind === 'address' ? host.address : host.name;
  const matches = host.kind === 'address' ? leaf.checkIP(wanted) : leaf.checkHost(wanted, hostRules);
  if (matches !== undefined) return undefined;
  const names = certificateNames(leaf);
  const only =
    names.length === 0 ? 'names no host at all (it has no subject alternative names)' : `is for ${listed(names)}`;
  const what = `The certificate ${only}, not for "${wanted}".`;
  const field = tls.serverName === undefined ? 'spec.host, or spec.tls.serverName,' : 'spec.tls.serverName';
  const remedy =
    names.length === 0
      ? `Give the server a certificate with the subject alternative name "${wanted}".`
      : `Set ${field} to a name of the certificate, such as "${names[0]}", or give the server a certificate for "${wanted}".`;
  return { reason: 'HostnameMismatch', what, remedy };
}

const hostRules = { subject: 'never', wildcards: true, partialWildcards: false, multiLabelWildcards: false } as const;

/** The path is one of signatures: certificates that anyone could send along are not on it. */
function pinMismatch({ chain, tls }: Evidence): Fault | undefined {
  if (tls.pinnedSha256.length === 0) return undefined;
  const keys = chain.map(spkiSha256);
  if (keys.some((key) => tls.pinnedSha256.includes(key))) return undefined;
  const what = `No public key of the chain is pinned; the server's own is ${keys[0]}.`;
  return { reason: 'CertificatePinMismatch', what };
}

function byVerdict(verdict: string): Fault {
  const words = verdict.toLowerCase().replaceAll('_', ' ');
  return { reason: reasonOf(verdict), what: `The certificate was refused (${words}).` };
}

function reasonOf(verdict: string): Fault['reason'] {
  if (/HAS_EXPIRED/.test(verdict)) return 'CertificateExpired';
  if (/NOT_YET_VALID/.test(verdict)) return 'CertificateNotYetValid';
  const unsuitable =
    /PURPOSE|KEY_TOO_SMALL|MD_TOO_WEAK|PATH_LENGTH|CERT_REJECTED|UNSPECIFIED|INVALID_CA|KEYUSAGE|too small|too weak/i;
  return unsuitable.test(verdict) ? 'CertificateUnsuitable' : 'CertificateUntrusted';
}

function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => `"${name}"`)
    .join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
