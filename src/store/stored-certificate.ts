// A Secret of type kubernetes.io/tls made what may be kept of it: its leaf certificate's dates and names.
import { certificateNames, nameText, subjectOf } from '../api/references/certificate-names.ts';
import { parseCertificate, pemBlocks } from '../api/references/pem.ts';
import type { ObjectMeta } from '../api/resource.ts';
import type { StoredCertificate } from './policy-store.ts';

export const tlsSecretType = 'kubernetes.io/tls';

/** `pem` is what stands under tls.crt: the leaf first, its chain after it (RFC 8446 §4.4.2). */
export function storedCertificate(metadata: ObjectMeta, pem: Buffer | undefined): StoredCertificate {
  const { namespace, name, labels = {}, annotations = {} } = metadata;
  const leaf = pemBlocks(pem?.toString('latin1') ?? '').find(({ label }) => label === 'CERTIFICATE');
  const parsed = leaf && parseCertificate(leaf.text);
  return {
    namespace,
    name,
    labels,
    annotations,
    notBefore: parsed?.validFromDate.getTime(),
    notAfter: parsed?.validToDate.getTime(),
    subject: parsed ? subjectOf(parsed) : '',
    issuer: parsed ? nameText(parsed.issuer) : '',
    // One more than a mail lists, so that it can say that there are more.
    names: parsed ? certificateNames(parsed).slice(0, 21) : [],
  };
}
