// The certificates that a relay trusts, from a key of a Secret or ConfigMap.
import type { ReferencedObject } from '../referenced-object.ts';
import {
  bytesUnder,
  type Checked,
  isUnusable,
  objectText,
  type ReferencePlace,
  unusable,
  usable,
  wrongType,
} from './checked.ts';
import { isPrivateKeyLabel, notPem, parseCertificate, pemBlocks } from './pem.ts';

/** Public roots are some 150; every handshake loads them all. */
const mostCaCertificates = 500;

const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/** PEM, each certificate once; text between them is left out. */
export function caCertificates(
  object: ReferencedObject,
  key: string,
  place: ReferencePlace,
): Checked<readonly string[]> {
  const badType = wrongType(object, place, ['Opaque', 'kubernetes.io/tls']);
  if (badType) return badType;
  const bytes = bytesUnder(object, key, place);
  if (isUnusable(bytes)) return bytes;

  const refuse = (message: string) => unusable(place, 'CertificateUnparsable', `key "${key}" ${message}`);
  const blocks = pemBlocks(bytes.toString('latin1'));
  const certificates = blocks.filter(({ label }) => certificateLabels.has(label));
  if (certificates.length === 0) return refuse(notPem(bytes, 'a certificate'));
  if (certificates.length > mostCaCertificates) {
    return refuse(
      `holds ${certificates.length} certificates; at most ${mostCaCertificates} are taken. Keep those that sign your mail servers'`,
    );
  }
  const parsed = certificates.map(({ text }) => parseCertificate(text)?.toString());
  const broken = parsed.indexOf(undefined);
  if (broken >= 0)
    return refuse(`holds ${certificates.length} certificates, of which number ${broken + 1} cannot be parsed`);
  const usableOnes = parsed.filter((certificate) => certificate !== undefined);
  const holdsKey = blocks.some(({ label }) => isPrivateKeyLabel(label));
  return usable([...new Set(usableOnes)], holdsKey ? [privateKeyBeside(place, key)] : []);
}

function privateKeyBeside(place: ReferencePlace, key: string) {
  const message = `The key "${key}" of ${objectText(place)} holds a private key beside the certificates; trust needs none, take it out`;
  return { reason: 'PrivateKeyNotNeeded', message };
}
