// How a certificate's names read in status, messages and mails.
import type { X509Certificate } from 'node:crypto';
import { truncate } from '../fit-status.ts';

/** The DNS names and IP addresses among the subject alternative names; the common name does not count (RFC 9525 section 2). */
export function certificateNames({ subjectAltName }: X509Certificate): string[] {
  const names = (subjectAltName ?? '').split(/, (?=[A-Za-z ]+:)/);
  return names.flatMap((name) => /^(?:DNS|IP Address):"?(.*?)"?$/.exec(name)?.[1] ?? []);
}

export function subjectOf(certificate: X509Certificate): string {
  const name = nameText(certificate.subject);
  return name === '' ? (certificateNames(certificate)[0] ?? 'no name') : name;
}

/** Node writes one attribute a line. */
export function nameText(name: string | undefined): string {
  return truncate((name ?? '').split('\n').filter(Boolean).join(', '), 256);
}
