import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rejectionRemedy } from '../../../src/smtp/oauth/rejection-remedy.ts';
import { signedAssertion } from '../../../src/smtp/oauth/signed-assertion.ts';
import { tokenForm } from '../../../src/smtp/oauth/token-form.ts';

const claims = {
  issuer: 'mailer@project.iam.gserviceaccount.com',
  subject: 'ise@example.com',
  audience: 'https://oauth2.googleapis.com/token',
  keyId: 'k1',
  scopes: ['https://mail.google.com/'],
  now: Date.parse('2026-11-24T10:00:00Z'),
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = { type: 'pkcs8', format: 'pem' } as const;

describe('signs an assertion', () => {
  it.each([
    { algorithm: 'RS256', keys: rsa },
    { algorithm: 'ES256', keys: ec },
  ])('by $algorithm, so that the public key verifies it', ({ algorithm, keys }) => {
    const signed = signedAssertion({ ...claims, privateKey: keys.privateKey.export(pem).toString() });
    if (signed.kind !== 'signed') throw new Error(signed.what);
    const [header = '', payload = '', signature = ''] = signed.assertion.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: algorithm, typ: 'JWT', kid: 'k1' });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      iss: claims.issuer,
      sub: claims.subject,
      aud: claims.audience,
      scope: 'https://mail.google.com/',
      iat: claims.now / 1000 - 30,
      exp: claims.now / 1000 + 600,
      jti: expect.any(String),
    });
    const key = { key: keys.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it.each([
    ['text that is no key', 'not a key', /no unencrypted private key/],
    ['an empty text', '', /no unencrypted private key/],
    [
      'an encrypted key',
      rsa.privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
      /no unencrypted private key/,
    ],
    ['a key of another kind', generateKeyPairSync('ed25519').privateKey.export(pem).toString(), /neither an RSA key/],
    ['another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export(pem).toString(), /P-256/],
  ])('not with %s', (_what, privateKey, what) => {
    expect(signedAssertion({ ...claims, privateKey })).toMatchObject({
      kind: 'unusable',
      what: expect.stringMatching(what),
    });
  });

  it('into a form of RFC 7523, and names the Secret of a key that cannot be used', () => {
    const request = { tokenUrl: claims.audience, scopes: claims.scopes, from: 'Secret "oauth" key "private_key"' };
    const grant = { kind: 'JwtBearer', ...claims } as const;
    const good = tokenForm(
      { ...request, grant: { ...grant, privateKey: ec.privateKey.export(pem).toString() } },
      claims.now,
    );
    if (good.kind !== 'form') throw new Error(good.what);
    expect(good.fields.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(good.secrets).toEqual([good.fields.get('assertion')]);
    expect(tokenForm({ ...request, grant: { ...grant, privateKey: 'x' } }, claims.now)).toEqual({
      kind: 'unusable',
      what: 'The private key in Secret "oauth" key "private_key" is no unencrypted private key in PEM form.',
    });
  });
});

describe('says what Google asks for', () => {
  it.each([
    ['invalid_grant', 'Token has been expired or revoked.', /Sign in again for a new refresh token/],
    ['invalid_grant', 'Invalid JWT Signature.', /create a new key/],
    ['invalid_grant', 'Invalid grant: account not found', /jwt\.issuer/],
    ['invalid_grant', 'Invalid email or User ID', /jwt\.subject/],
    [
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      /clock/,
    ],
    [
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method',
      /Domain-wide delegation/,
    ],
    ['invalid_client', 'The OAuth client was not found.', /clientId/],
  ])('of %s: %s', (error, description, remedy) => {
    const request = {
      tokenUrl: claims.audience,
      scopes: [],
      from: 'Secret "oauth"',
      grant: { kind: 'RefreshToken', clientId: 'c', refreshToken: 'r', clientSecret: undefined },
    } as const;
    expect(rejectionRemedy({ error, description, request })).toMatch(remedy);
    expect(rejectionRemedy({ error, description, request })).not.toContain('FROM');
  });
});
