// The authorities and certificates that the tests of TLS share; made once a test file.
import { createAuthority, type Issued, selfSigned } from '../../demo/authority.ts';

const day = 86_400_000;
const names = { dnsNames: ['localhost', 'mail.example.com'], ipAddresses: ['127.0.0.1'] };

export type Certificates = Awaited<ReturnType<typeof makeCertificates>>;

export async function makeCertificates() {
  const ca = await createAuthority({ name: 'Corporate Root' });
  const namesake = await createAuthority({ name: 'Corporate Root' });
  const stranger = await createAuthority({ name: 'Stranger Root' });
  const intermediate = await ca.intermediate('Corporate Issuing CA');
  const now = Date.now();
  return {
    ca,
    namesake,
    stranger,
    intermediate,
    good: await ca.issue(names),
    throughIntermediate: await intermediate.issue(names),
    selfSigned: await selfSigned(names),
    expired: await ca.issue({ ...names, notBefore: new Date(now - 30 * day), notAfter: new Date(now - 3 * day) }),
    future: await ca.issue({ ...names, notBefore: new Date(now + 3 * day), notAfter: new Date(now + 30 * day) }),
    endsSoon: await ca.issue({ ...names, notAfter: new Date(now + 5 * day + 3_600_000) }),
    otherName: await ca.issue({ dnsNames: ['elsewhere.example.com'] }),
    commonNameOnly: await ca.issue({ commonName: 'mail.example.com', sanAbsent: true }),
    wildcard: await ca.issue({ dnsNames: ['*.example.com', 'm*.example.org'] }),
    forClients: await ca.issue({ ...names, usages: 'client' }),
    weakKey: await ca.issue({ ...names, keyType: 'rsa1024' }),
    weakSignature: await ca.issue({ ...names, hash: 'SHA-1' }),
    client: await ca.issue({ dnsNames: ['client.example.com'], usages: 'client' }),
  };
}

export function served({ chainPem, privateKeyPem }: Issued): { cert: string; key: string } {
  return { cert: chainPem, key: privateKeyPem };
}
