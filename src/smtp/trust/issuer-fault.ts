// Why a chain leads to no trusted certificate: says which one is missing, and where it belongs.
import type { X509Certificate } from 'node:crypto';
import { nameText, subjectOf } from '../../api/references/certificate-names.ts';
import type { TargetTls } from '../relay-target.ts';
import { issued } from './certificate-path.ts';
import type { Evidence, Fault } from './evidence.ts';
import { systemAnchors, trustAnchors } from './roots.ts';

export function issuerFault({ chain, verdict, tls }: Evidence): Fault | undefined {
  const [leaf] = chain;
  const top = chain.at(-1);
  if (verdict === undefined || !leaf || !top) return undefined;
  const anchors = trustAnchors(tls);
  if (leadsTo(chain, anchors)) return undefined;
  if (!tls.includeSystemRoots && leadsTo(chain, systemAnchors())) return onlySystemTrusts(top);
  if (isSelfSigned(leaf)) return selfSigned(leaf, tls);
  return isSelfSigned(top) ? unknownRoot(top, tls) : issuerMissing(chain, { top, anchors, tls });
}

function leadsTo(chain: readonly X509Certificate[], anchors: readonly X509Certificate[]): boolean {
  return chain.some((certificate) =>
    anchors.some((anchor) => anchor.fingerprint256 === certificate.fingerprint256 || issued(anchor, certificate)),
  );
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return issued(certificate, certificate);
}

function selfSigned(leaf: X509Certificate, tls: TargetTls): Fault {
  const what = `The certificate "${subjectOf(leaf)}" (SHA-256 ${leaf.fingerprint256}) signed itself, and ${notAmong(tls)}.`;
  const remedy = `If it is the right one, put that certificate (PEM) into ${place(tls)}; better, give the server one from a CA.`;
  return { reason: 'CertificateSelfSigned', what, remedy };
}

function unknownRoot(root: X509Certificate, tls: TargetTls): Fault {
  const what = `The chain ends at the root "${subjectOf(root)}" (SHA-256 ${root.fingerprint256}), and ${notAmong(tls)}.`;
  const remedy = `Put the certificate (PEM) of "${subjectOf(root)}" into ${place(tls)}.`;
  return { reason: 'CertificateUntrusted', what, remedy };
}

function onlySystemTrusts(top: X509Certificate): Fault {
  return {
    reason: 'CertificateUntrusted',
    what: `The issuer "${nameText(top.issuer)}" is a public CA of the system, but spec.tls.includeSystemRoots is false.`,
    remedy: 'Set spec.tls.includeSystemRoots to true, or drop the CA reference.',
  };
}

interface Missing {
  readonly top: X509Certificate;
  readonly anchors: readonly X509Certificate[];
  readonly tls: TargetTls;
}

/** An issuer that was not sent is either a root to be trusted here or an intermediate to be sent there. */
function issuerMissing(chain: readonly X509Certificate[], { top, anchors, tls }: Missing): Fault {
  const issuer = nameText(top.issuer);
  if (anchors.some((anchor) => anchor.subject === top.issuer)) {
    return {
      reason: 'CertificateUntrusted',
      what: `"${subjectOf(top)}" was issued by "${issuer}"; a trusted certificate has that name, but another key.`,
      remedy: `The CA was renewed, or this is another one of the same name: put its present certificate (PEM) into ${place(tls)}.`,
    };
  }
  const sent = chain.length === 1 ? 'only its own certificate' : `${chain.length} certificates`;
  const what = `The server sent ${sent}; the issuer "${issuer}" of "${subjectOf(top)}" was not sent, and ${notAmong(tls)}.`;
  const download = /CA Issuers - URI:(\S+)/.exec(top.infoAccess ?? '')?.[1];
  const remedy = [
    `If "${issuer}" is an intermediate, the server forgot to send it: install the full chain there${download ? ` (it is at ${download.slice(0, 150)})` : ''}.`,
    `If it is your CA, put its certificate (PEM) into ${place(tls)}.`,
  ].join(' ');
  return { reason: 'CertificateUntrusted', what, remedy };
}

function notAmong({ trustedFrom, includeSystemRoots }: TargetTls): string {
  if (trustedFrom === undefined) return "is not among the system's trusted certificates";
  return `is not among the certificates of ${trustedFrom}${includeSystemRoots ? " or the system's" : ''}`;
}

function place({ trustedFrom }: TargetTls): string {
  return trustedFrom ?? 'a Secret and name it in spec.tls.caSecretRef (--ca FILE for `relaykeeper probe`)';
}
