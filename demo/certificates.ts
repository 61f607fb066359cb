// The certificates that the demo's servers present: one that is right, and one for each fault.
import { createAuthority, type Issued, selfSigned } from './authority.ts';

export interface DemoCertificates {
  /** What the manifests trust. */
  readonly ca: string;
  /** Issued by `ca` for localhost. */
  readonly good: Issued;
  readonly endsSoon: Issued;
  readonly expired: Issued;
  /** For another host name than the one that is connected to. */
  readonly wrongName: Issued;
  /** Issued by `otherCa`, which the manifests do not trust. */
  readonly untrusted: Issued;
  readonly otherCa: string;
  readonly selfSigned: Issued;
  /** Issued by `intermediateCa`, which the server forgets to send. */
  readonly withoutIntermediate: Issued;
  readonly intermediateCa: string;
}

export async function createDemoCertificates(now: Date): Promise<DemoCertificates> {
  const authority = await createAuthority({ name: 'Demo Corporate CA' });
  const other = await createAuthority({ name: "Somebody Else's CA" });
  const intermediate = await authority.intermediate('Demo Issuing CA 2');
  const here = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
  const hidden = await intermediate.issue(here);
  return {
    ca: authority.certificatePem,
    good: await authority.issue(here),
    endsSoon: await authority.issue({ ...here, notAfter: daysFrom(now, 5.5) }),
    expired: await authority.issue({ ...here, notBefore: daysFrom(now, -97), notAfter: daysFrom(now, -7) }),
    wrongName: await authority.issue({ dnsNames: ['mail.corp.example', 'smtp.corp.example'] }),
    untrusted: await other.issue(here),
    otherCa: other.certificatePem,
    selfSigned: await selfSigned({ ...here, commonName: 'mail-appliance' }),
    withoutIntermediate: { ...hidden, chainPem: hidden.certificatePem },
    intermediateCa: intermediate.certificatePem,
  };
}

function daysFrom(now: Date, days: number): Date {
  return new Date(now.getTime() + days * 24 * 3_600_000);
}
