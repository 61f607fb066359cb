// A root that an older one had signed, too, while it was new: what Let's Encrypt had with "ISRG Root X1" and "DST Root X3".
import { authorityExtensions, certify, leafExtensions, type Signer, type Validity } from '../../../demo/certificate.ts';
import { generateKeyPair, privateKeyPem } from '../../../demo/key-pair.ts';

export type CrossSigned = Awaited<ReturnType<typeof makeCrossSigned>>;

/** All PEM. */
export async function makeCrossSigned(validities: { cross: Validity; intermediate?: Validity }) {
  const root = await signer('New Root');
  const old = await signer('Old Root');
  const issuing = await signer('Issuing CA');
  const keys = await generateKeyPair();
  const extensions = leafExtensions({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] });
  return {
    leaf: await certify({ signer: issuing, commonName: 'localhost', publicKey: keys.publicKey, extensions }, {}),
    intermediate: await authority(root, issuing, validities.intermediate),
    root: await authority(root, root),
    /** The same name and key as the root's. */
    cross: await authority(old, root, validities.cross),
    old: await authority(old, old),
    key: await privateKeyPem(keys.privateKey),
  };
}

async function signer(commonName: string): Promise<Signer> {
  return { commonName, keys: await generateKeyPair() };
}

function authority(by: Signer, { commonName, keys }: Signer, validity: Validity = {}): Promise<string> {
  return certify({ signer: by, commonName, publicKey: keys.publicKey, extensions: authorityExtensions() }, validity);
}
