// The certificate and key that we present to a server, from a Secret of type kubernetes.io/tls.
import type { ReferencedObject } from '../referenced-object.ts';
import { bytesUnder, type Checked, isUnusable, type ReferencePlace, unusable, usable, wrongType } from './checked.ts';
import { notPem, parseCertificate, pemBlocks } from './pem.ts';
import { privateKeyIn } from './private-key.ts';

export interface ClientCertificate {
  /** PEM, its chain after it. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

export function clientCertificateOf(object: ReferencedObject, place: ReferencePlace): Checked<ClientCertificate> {
  const badType = wrongType(object, place, ['kubernetes.io/tls']);
  if (badType) return badType;
  const bytes = bytesUnder(object, 'tls.crt', place);
  if (isUnusable(bytes)) return bytes;
  const chain = pemBlocks(bytes.toString('latin1')).filter(({ label }) => label === 'CERTIFICATE');
  const [first] = chain;
  if (!first) return unusable(place, 'CertificateUnparsable', `key "tls.crt" ${notPem(bytes, 'a certificate')}`);
  const parsed = chain.map(({ text }) => parseCertificate(text));
  const broken = parsed.indexOf(undefined);
  if (broken >= 0) {
    const message = `key "tls.crt" holds ${chain.length} certificates, of which number ${broken + 1} cannot be parsed`;
    return unusable(place, 'CertificateUnparsable', message);
  }
  const privateKey = privateKeyIn(object, 'tls.key', place);
  if (isUnusable(privateKey)) return privateKey;
  if (!parsed[0]?.checkPrivateKey(privateKey.key)) {
    const message = 'key "tls.key" holds a private key that does not belong to the first certificate of key "tls.crt"';
    return unusable(place, 'PrivateKeyUnparsable', message);
  }
  return usable({ certificate: chain.map(({ text }) => `${text}\n`).join(''), privateKey: privateKey.pem });
}
