// What people put into Secrets, and what is said of it. The certificates are made here and now.
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../../../demo/authority.ts';
import type { ReferencedObject } from '../../../src/api/referenced-object.ts';
import { caCertificates } from '../../../src/api/references/ca-certificates.ts';
import type { Checked, ReferencePlace } from '../../../src/api/references/checked.ts';
import { clientCertificateOf } from '../../../src/api/references/client-certificate.ts';
import { dkimKeyOf } from '../../../src/api/references/dkim-key.ts';
import { loginOf } from '../../../src/api/references/login.ts';
import { oauthSecretOf } from '../../../src/api/references/oauth-secret.ts';
import { pemBlocks } from '../../../src/api/references/pem.ts';

const place: ReferencePlace = { kind: 'Secret', name: 's', fieldPath: 'spec.x' };
const authority = await createAuthority();
const other = await createAuthority();
const leaf = await authority.issue();
const ca = authority.certificatePem;
const der = new X509Certificate(ca).raw;
const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
const smallRsa = pem(generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey);
const ed25519 = pem(generateKeyPairSync('ed25519').privateKey);
const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const encrypted = generateKeyPairSync('ed25519').privateKey.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'x',
});

describe('caCertificates', () => {
  test('takes one or many, each once, with text between them', () => {
    const text = `# root\n${ca}subject=/CN=x\r\n${other.certificatePem}${ca.replaceAll('\n', '\r\n')}`;
    expect(said(caCertificates(secret('Opaque', { 'ca.crt': text }), 'ca.crt', place))).toEqual('usable');
    const checked = caCertificates(secret('', { 'ca.crt': text }), 'ca.crt', place);
    expect(
      checked.kind === 'usable' && checked.value.map((one) => new X509Certificate(one).raw.toString('hex')),
    ).toEqual([ca, other.certificatePem].map((one) => new X509Certificate(one).raw.toString('hex')));
  });

  test('leaves a private key beside a certificate out, and says so', () => {
    const checked = caCertificates(secret('Opaque', { k: `${leaf.privateKeyPem}${ca}` }), 'k', place);
    expect(checked).toMatchObject({ kind: 'usable', warnings: [{ reason: 'PrivateKeyNotNeeded' }] });
    expect(JSON.stringify(checked)).not.toContain('PRIVATE');
  });

  test('a ConfigMap has no type', () => {
    const checked = caCertificates(secret('', { k: ca }), 'k', { ...place, kind: 'ConfigMap' });
    expect(checked.kind).toBe('usable');
  });

  test.each<readonly [string, string | Buffer | undefined, string]>([
    ['no key', undefined, 'SecretKeyMissing: Secret "s" has no key "k"; it has "other"'],
    ['an empty value', '', 'SecretKeyMissing: Secret "s" has nothing under its key "k"'],
    [
      'a private key',
      leaf.privateKeyPem,
      'CertificateUnparsable: Secret "s" key "k" holds a private key, not a certificate',
    ],
    [
      'a DER file',
      der,
      'CertificateUnparsable: Secret "s" key "k" holds a certificate in DER (binary) form, not PEM; convert it with openssl (-inform DER)',
    ],
    [
      'a PKCS #12 file',
      Buffer.from([0x30, 0x82, 0x0f, 0xff, 0x02, 0x01, 0x03]),
      'CertificateUnparsable: Secret "s" key "k" holds binary data (DER or PKCS #12), not PEM; convert it with openssl (-inform DER)',
    ],
    [
      'base64 alone',
      der.toString('base64'),
      'CertificateUnparsable: Secret "s" key "k" holds base64 without -----BEGIN and -----END lines, not a certificate in PEM form',
    ],
    [
      'a cut-off file',
      ca.slice(0, 200),
      'CertificateUnparsable: Secret "s" key "k" holds a PEM block without its end; a certificate ends with an -----END line',
    ],
    [
      'a request',
      ca.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'),
      'CertificateUnparsable: Secret "s" key "k" holds a certificate request, not a certificate',
    ],
    [
      'a broken certificate',
      `${ca}${ca.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')}`,
      'CertificateUnparsable: Secret "s" key "k" holds 2 certificates, of which number 2 cannot be parsed',
    ],
    [
      '1,000 certificates',
      ca.repeat(1_000),
      'CertificateUnparsable: Secret "s" key "k" holds 1000 certificates; at most 500 are taken. Keep those that sign your mail servers\'',
    ],
    [
      'a sentence',
      'see the wiki',
      'CertificateUnparsable: Secret "s" key "k" does not hold a certificate in PEM form (-----BEGIN …)',
    ],
  ])('refuses %s', (_, value, says) => {
    const data: Record<string, string | Buffer> = value === undefined ? { other: 'x' } : { k: value };
    expect(said(caCertificates(secret('Opaque', data), 'k', place))).toBe(says);
  });
});

describe('loginOf', () => {
  const type = 'kubernetes.io/basic-auth';

  test('takes user name and password as they are', () => {
    const checked = loginOf(secret(type, { username: 'ise', password: ' p ä "\\ ' }), place);
    expect(checked).toEqual({ kind: 'usable', value: { username: 'ise', password: ' p ä "\\ ' }, warnings: [] });
  });

  test.each(['\n', '\r\n'])('trims one line break %j, and says where', (ending) => {
    const checked = loginOf(secret(type, { username: `ise${ending}`, password: `hunter2${ending}` }), place);
    expect(checked).toMatchObject({ kind: 'usable', value: { username: 'ise', password: 'hunter2' } });
    expect(checked.kind === 'usable' && checked.warnings.map(({ message }) => message)).toEqual([
      'The line break at the end of the key "username" of Secret "s" was left out; store the value without it (echo -n, or kubectl create secret)',
      'The line break at the end of the key "password" of Secret "s" was left out; store the value without it (echo -n, or kubectl create secret)',
    ]);
  });

  test.each<readonly [string, string, Record<string, string | Buffer>, string]>([
    [
      'another type',
      'Opaque',
      { username: 'a', password: 'b' },
      'SecretTypeNotAllowed: Secret "s" has the type Opaque; its type must be kubernetes.io/basic-auth, and can only be set when it is created',
    ],
    [
      'no type',
      '',
      { username: 'a', password: 'b' },
      'SecretTypeNotAllowed: Secret "s" has the type Opaque; its type must be kubernetes.io/basic-auth, and can only be set when it is created',
    ],
    ['no password', type, { username: 'a' }, 'SecretKeyMissing: Secret "s" has no key "password"; it has "username"'],
    ['no keys', type, {}, 'SecretKeyMissing: Secret "s" has no key "username"; it has none'],
    [
      'an empty password',
      type,
      { username: 'a', password: '' },
      'SecretKeyMissing: Secret "s" has nothing under its key "password"',
    ],
    [
      'a line break alone',
      type,
      { username: 'a', password: '\n' },
      'SecretKeyMissing: Secret "s" has nothing but a line break under its key "password"',
    ],
    [
      'two lines',
      type,
      { username: 'a', password: 'b\nc' },
      'SecretValueInvalid: Secret "s" key "password" has a line break in its value; store the value without it',
    ],
    [
      'two line breaks at the end',
      type,
      { username: 'a', password: 'b\n\n' },
      'SecretValueInvalid: Secret "s" key "password" has a line break in its value; store the value without it',
    ],
    [
      'a NUL character',
      type,
      { username: 'a\0', password: 'b' },
      'SecretValueInvalid: Secret "s" key "username" has a NUL character in its value; store the value without it',
    ],
    [
      'no text',
      type,
      { username: 'a', password: Buffer.from([0xff, 0xfe]) },
      'SecretValueInvalid: Secret "s" key "password" holds no UTF-8 text',
    ],
  ])('refuses %s', (_, secretType, data, says) => {
    expect(said(loginOf(secret(secretType, data), place))).toBe(says);
  });

  test('says nothing of the values, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
        const password = Buffer.concat([Buffer.from('hunter2'), bytes]);
        const checked = loginOf(secret(type, { username: 'a', password }), place);
        const words = checked.kind === 'usable' ? checked.warnings : checked.violation;
        expect(JSON.stringify(words)).not.toContain('hunter2');
      }),
    );
  });
});

describe('clientCertificateOf', () => {
  const type = 'kubernetes.io/tls';

  test('takes a certificate with its chain and key', () => {
    const data = { 'tls.crt': leaf.chainPem + ca, 'tls.key': leaf.privateKeyPem };
    const checked = clientCertificateOf(secret(type, data), place);
    expect(checked.kind === 'usable' && pemBlocks(checked.value.certificate)).toHaveLength(2);
  });

  test.each<readonly [string, string, Record<string, string | Buffer>, string]>([
    [
      'another type',
      'Opaque',
      {},
      'SecretTypeNotAllowed: Secret "s" has the type Opaque; its type must be kubernetes.io/tls, and can only be set when it is created',
    ],
    [
      'a key for a certificate',
      type,
      { 'tls.crt': rsa, 'tls.key': rsa },
      'CertificateUnparsable: Secret "s" key "tls.crt" holds a private key, not a certificate',
    ],
    [
      "another's key",
      type,
      { 'tls.crt': leaf.chainPem, 'tls.key': ec },
      'PrivateKeyUnparsable: Secret "s" key "tls.key" holds a private key that does not belong to the first certificate of key "tls.crt"',
    ],
    [
      'a key with a passphrase',
      type,
      { 'tls.crt': leaf.chainPem, 'tls.key': String(encrypted) },
      'PrivateKeyUnparsable: Secret "s" key "tls.key" holds an encrypted private key; store it without a passphrase (openssl pkey)',
    ],
    [
      'a broken key',
      type,
      { 'tls.crt': leaf.chainPem, 'tls.key': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' },
      'PrivateKeyUnparsable: Secret "s" key "tls.key" holds a private key that cannot be parsed',
    ],
  ])('refuses %s', (_, secretType, data, says) => {
    expect(said(clientCertificateOf(secret(secretType, data), place))).toBe(says);
  });
});

describe('oauthSecretOf', () => {
  const type = 'relaykeeper.dev/oauth';

  test('takes what the grant needs', () => {
    const object = secret(type, { client_secret: 'c\n', refresh_token: 'r', private_key: rsa });
    expect(oauthSecretOf(object, 'ClientCredentials', place)).toMatchObject({
      value: { kind: 'ClientCredentials', clientSecret: 'c' },
      warnings: [{}],
    });
    expect(oauthSecretOf(object, 'RefreshToken', place)).toMatchObject({
      value: { refreshToken: 'r', clientSecret: 'c' },
    });
    expect(oauthSecretOf(object, 'JwtBearer', place)).toMatchObject({ value: { kind: 'JwtBearer', privateKey: rsa } });
  });

  test('a public client has no secret of its own', () => {
    const checked = oauthSecretOf(secret(type, { refresh_token: 'r' }), 'RefreshToken', place);
    expect(checked).toMatchObject({ value: { refreshToken: 'r', clientSecret: undefined } });
  });

  test.each([
    [
      "the provider's JSON file",
      `{"private_key": "${rsa.replaceAll('\n', '\\n')}"}`,
      'holds JSON; store only the text of its private_key field',
    ],
    [
      'line breaks as two characters',
      rsa.replaceAll('\n', '\\n'),
      'holds \\n as two characters; store the key with real line breaks',
    ],
    ['a key of another kind', ed25519, 'holds a key of type ed25519; a signed assertion takes RSA or EC'],
  ])('refuses %s', (_, value, says) => {
    const checked = oauthSecretOf(secret(type, { private_key: value }), 'JwtBearer', place);
    expect(said(checked)).toBe(`PrivateKeyUnparsable: Secret "s" key "private_key" ${says}`);
  });
});

describe('dkimKeyOf', () => {
  test.each([
    ['RSA of 2048 bits', rsa],
    ['Ed25519', ed25519],
  ])('takes %s', (_, key) => {
    expect(dkimKeyOf(secret('Opaque', { k: key }), 'k', place)).toMatchObject({ kind: 'usable', value: key });
  });

  test.each([
    ['RSA of 512 bits', smallRsa, 'holds an RSA key of 512 bits; DKIM takes RSA of 2048 bits, or Ed25519'],
    ['an elliptic curve', ec, 'holds a key of type ec; DKIM takes RSA of 2048 bits, or Ed25519'],
    ['a certificate', ca, 'holds a certificate, not a private key'],
  ])('refuses %s', (_, key, says) => {
    expect(said(dkimKeyOf(secret('Opaque', { k: key }), 'k', place))).toBe(
      `PrivateKeyUnparsable: Secret "s" key "k" ${says}`,
    );
  });
});

describe('pemBlocks', () => {
  test('needs one pass, whatever a tenant stores', () => {
    const hostile = '-----BEGIN A-----'.repeat(60_000);
    const started = performance.now();
    expect(pemBlocks(hostile)).toEqual([]);
    expect(said(caCertificates(secret('Opaque', { k: '\n'.repeat(1_000_000) }), 'k', place))).toContain(
      'does not hold',
    );
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('a block that does not end hides no other', () => {
    expect(pemBlocks(`-----BEGIN CERTIFICATE-----\n${ca}`)).toEqual([{ label: 'CERTIFICATE', text: ca.trim() }]);
  });
});

function secret(type: string, data: Record<string, string | Buffer>): ReferencedObject {
  return {
    resourceVersion: '1',
    type,
    data: new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)])),
  };
}

function said(checked: Checked<unknown>): string {
  return checked.kind === 'usable' ? 'usable' : `${checked.violation.reason}: ${checked.violation.message}`;
}

function pem(key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}
