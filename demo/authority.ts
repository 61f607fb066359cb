// A certificate authority in memory, for servers of the demo and the tests. What it issues is valid by RFC 5280,
// unless the caller asks for a particular fault.
import {
  authorityExtensions,
  certify,
  type LeafOptions,
  leafExtensions,
  leafName,
  type Signer,
  type Validity,
} from './certificate.ts';
import { generateKeyPair, type KeyType, privateKeyPem } from './key-pair.ts';

export type { LeafOptions };

export interface Authority {
  readonly certificatePem: string;
  readonly issue: (wanted?: LeafOptions) => Promise<Issued>;
  /** An authority below this one; what it issues has it in `chainPem`. */
  readonly intermediate: (name: string, options?: Omit<AuthorityOptions, 'name'>) => Promise<Authority>;
}

export interface Issued {
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
  /** The certificate and the intermediates up to the root, without the root: what a server sends. */
  readonly chainPem: string;
}

export interface AuthorityOptions extends Validity {
  readonly name?: string;
  readonly keyAlgorithm?: KeyType;
}

/** A new root. */
export async function createAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const commonName = options.name ?? 'Relaykeeper Demo CA';
  const keys = await generateKeyPair(options.keyAlgorithm);
  const root = { commonName, keys };
  const extensions = authorityExtensions();
  const certificatePem = await certify({ signer: root, commonName, publicKey: keys.publicKey, extensions }, options);
  return authority(root, { certificatePem, intermediates: [] });
}

/** A server's certificate that signed itself. */
export async function selfSigned(wanted: LeafOptions = {}): Promise<Issued> {
  const keys = await generateKeyPair(wanted.keyType);
  return await leaf({ commonName: leafName(wanted), keys }, { wanted, keys, intermediates: [] });
}

interface Standing {
  readonly certificatePem: string;
  readonly intermediates: readonly string[];
}

function authority(signer: Signer, { certificatePem, intermediates }: Standing): Authority {
  return {
    certificatePem,
    issue: async (wanted = {}) => leaf(signer, { wanted, keys: await generateKeyPair(wanted.keyType), intermediates }),
    intermediate: async (commonName, options = {}) => {
      const keys = await generateKeyPair(options.keyAlgorithm);
      const extensions = authorityExtensions();
      const pem = await certify({ signer, commonName, publicKey: keys.publicKey, extensions }, options);
      return authority({ commonName, keys }, { certificatePem: pem, intermediates: [pem, ...intermediates] });
    },
  };
}

interface Leaf {
  readonly wanted: LeafOptions;
  readonly keys: Signer['keys'];
  readonly intermediates: readonly string[];
}

async function leaf(signer: Signer, { wanted, keys, intermediates }: Leaf): Promise<Issued> {
  const certified = { signer, commonName: leafName(wanted), publicKey: keys.publicKey };
  const certificatePem = await certify({ ...certified, extensions: leafExtensions(wanted) }, wanted);
  return {
    certificatePem,
    privateKeyPem: await privateKeyPem(keys.privateKey),
    chainPem: [certificatePem, ...intermediates].join(''),
  };
}
