// What is no fault of a server's certificates yet: one that ends soon, or one sent beside those that are used.
import type { X509Certificate } from 'node:crypto';
import { nameText, subjectOf } from '../../api/references/certificate-names.ts';
import type { ProbeWarning } from '../../api/smtp-relay.ts';
import { isAmong, isValid } from './certificate-path.ts';

export interface Validity {
  readonly sent: readonly X509Certificate[];
  /** What the server is trusted by. */
  readonly path: readonly X509Certificate[];
  readonly warningDays: number;
  readonly now: number;
}

export function validityWarnings({ sent, path, warningDays, now }: Validity): ProbeWarning[] {
  const ending = sent.find((certificate) => isAmong(certificate, path) && endsSoon(certificate, warningDays, now));
  const unused = sent.find((certificate) => !isAmong(certificate, path) && !isValid(certificate, now));
  return [...(ending ? [endsSoonWarning(ending, now)] : []), ...(unused ? [unusedWarning(unused)] : [])];
}

export function endsSoon({ validToDate }: X509Certificate, warningDays: number, now: number): boolean {
  const left = daysLeft(validToDate, now);
  return left >= 0 && left < warningDays;
}

function endsSoonWarning(certificate: X509Certificate, now: number): ProbeWarning {
  const { validToDate } = certificate;
  const left = Math.floor(daysLeft(validToDate, now));
  return {
    reason: 'CertificateExpiresSoon',
    message: `The certificate "${subjectOf(certificate)}" ends on ${day(validToDate)}, in ${left} days: renew it on the mail server.`,
  };
}

/** Such as a cross-signed root of times gone by: clients that build another path than this one may refuse the server for it. */
function unusedWarning(certificate: X509Certificate): ProbeWarning {
  const names = `"${subjectOf(certificate)}" (issued by "${nameText(certificate.issuer)}")`;
  const { validFromDate, validToDate } = certificate;
  return {
    reason: 'UnusedCertificateExpired',
    message: `The server also sends the certificate ${names}, which is valid from ${day(validFromDate)} to ${day(validToDate)} and not needed here: remove it from the chain on the mail server, since other clients may refuse it.`,
  };
}

function daysLeft(end: Date, now: number): number {
  return (end.getTime() - now) / 86_400_000;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
