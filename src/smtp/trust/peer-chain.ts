// The certificates of a server, its own first, and how status shows them.
import { createHash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { timestamp } from '../../api/conditions.ts';
import { certificateNames, nameText, subjectOf } from '../../api/references/certificate-names.ts';
import type { ProbedCertificate, ProbedTls } from '../../api/smtp-relay.ts';

const longestChain = 10;

/** As the server sent them, from its own certificate up. */
export function peerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let certificate = socket.getPeerX509Certificate();
  while (certificate && chain.length < longestChain) {
    chain.push(certificate);
    const issuer: X509Certificate | undefined = certificate.issuerCertificate;
    certificate = issuer?.fingerprint256 === certificate.fingerprint256 ? undefined : issuer;
  }
  return chain;
}

export function describeTls(socket: TLSSocket, chain: readonly X509Certificate[], verified: boolean): ProbedTls {
  const [leaf] = chain;
  const protocol = socket.getProtocol();
  return {
    ...(protocol ? { protocol } : {}),
    cipher: socket.getCipher().standardName,
    verified,
    ...(leaf
      ? {
          ...describeCertificate(leaf),
          names: certificateNames(leaf).slice(0, 20),
          spkiSha256: spkiSha256(leaf),
          chain: chain.slice(0, 5).map(describeCertificate),
        }
      : {}),
  };
}

function describeCertificate(certificate: X509Certificate): ProbedCertificate {
  return {
    subject: subjectOf(certificate),
    issuer: nameText(certificate.issuer),
    notBefore: timestamp(certificate.validFromDate.getTime()),
    notAfter: timestamp(certificate.validToDate.getTime()),
    sha256: certificate.fingerprint256,
  };
}

export function spkiSha256({ publicKey }: X509Certificate): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
