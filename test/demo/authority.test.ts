// What the demo's certificates are good for, judged by a TLS client that knows nothing of how they were made.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createAuthority, type Issued, selfSigned } from '../../demo/authority.ts';

const authority = await createAuthority();
const intermediate = await authority.intermediate('Issuing CA');
const below = await intermediate.intermediate('Issuing CA below', { keyAlgorithm: 'rsa2048' });
const other = await createAuthority({ name: 'Other CA' });
const day = 24 * 3_600_000;
const now = Date.now();

/** What a client that trusts `authority` says of a server with this certificate. */
async function verdict(issued: Issued, options: ConnectionOptions = {}): Promise<string> {
  // The server must not be what refuses a weak certificate.
  const server = createServer({ cert: issued.chainPem, key: issued.privateKeyPem, ciphers: 'DEFAULT@SECLEVEL=0' });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    ca: authority.certificatePem,
    ...options,
  });
  const outcome = await new Promise<string>((resolve) => {
    socket.once('secureConnect', () => resolve('trusted'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  return outcome;
}

describe('a certificate', () => {
  test.each<[string, () => Promise<Issued>, string]>([
    ['of the authority is trusted', () => authority.issue(), 'trusted'],
    ['with an RSA key is trusted', () => authority.issue({ keyType: 'rsa2048' }), 'trusted'],
    ['for server and client is trusted', () => authority.issue({ usages: 'both' }), 'trusted'],
    ['of an intermediate is trusted', () => intermediate.issue(), 'trusted'],
    ['of an intermediate below it is trusted', () => below.issue(), 'trusted'],
    [
      'of an intermediate that is not sent is not',
      async () => {
        const issued = await intermediate.issue();
        return { ...issued, chainPem: issued.certificatePem };
      },
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ],
    ['of another authority is not', () => other.issue(), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['that signed itself is not', () => selfSigned(), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['that has ended is not', () => authority.issue({ notAfter: new Date(now - day) }), 'CERT_HAS_EXPIRED'],
    ['that has not begun is not', () => authority.issue({ notBefore: new Date(now + day) }), 'CERT_NOT_YET_VALID'],
    ['for a client only is not', () => authority.issue({ usages: 'client' }), 'INVALID_PURPOSE'],
    ['for another name is not', () => authority.issue({ dnsNames: ['b.example'] }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    // OpenSSL says X509_V_ERR_EE_KEY_TOO_SMALL, for which Node has no name.
    ['with a key of 1024 bits is not', () => authority.issue({ keyType: 'rsa1024' }), 'UNSPECIFIED'],
  ])('%s', async (_name, make, expected) => {
    expect(await verdict(await make())).toBe(expected);
  });

  test('for an address is trusted for that address', async () => {
    const issued = await authority.issue({ ipAddresses: ['127.0.0.1', '::1'] });
    expect(await verdict(issued, { servername: '', host: '127.0.0.1' })).toBe('trusted');
  });
});
