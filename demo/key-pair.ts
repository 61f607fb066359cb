// Key pairs for the demo's and the tests' certificates.
import { webcrypto } from 'node:crypto';

/** `rsa1024` is too weak on purpose: modern TLS refuses it. */
export type KeyType = 'ec' | 'rsa2048' | 'rsa1024';

/** P-256 by default: an RSA key takes long to find. */
export async function generateKeyPair(type: KeyType = 'ec'): Promise<webcrypto.CryptoKeyPair> {
  return type === 'ec'
    ? await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    : await webcrypto.subtle.generateKey(rsa(type === 'rsa2048' ? 2048 : 1024), true, ['sign', 'verify']);
}

/** PKCS #8 in PEM, the form that TLS servers read. */
export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}

function rsa(modulusLength: number) {
  return {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
}
