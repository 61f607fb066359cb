// A JWT that asserts who asks for a token (RFC 7523 section 3), signed by RS256 or ES256 (RFC 7518 section 3).
import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';

export interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string | undefined;
  readonly audience: string;
  readonly keyId: string | undefined;
  /** PEM, RSA or EC. */
  readonly privateKey: string;
  /** Google reads them here, not in the form. */
  readonly scopes: readonly string[];
  readonly now: number;
}

export type SignedAssertion =
  | { readonly kind: 'signed'; readonly assertion: string }
  /** Goes on from "The private key ". */
  | { readonly kind: 'unusable'; readonly what: string };

export function signedAssertion(claims: AssertionClaims): SignedAssertion {
  const key = readKey(claims.privateKey);
  if (!key) return { kind: 'unusable', what: 'is no unencrypted private key in PEM form' };
  const algorithm = algorithmFor(key);
  if (!algorithm) return { kind: 'unusable', what: 'is neither an RSA key nor an EC key on the curve P-256' };
  const header = { alg: algorithm, typ: 'JWT', ...(claims.keyId === undefined ? {} : { kid: claims.keyId }) };
  const signed = `${part(header)}.${part(payload(claims))}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return { kind: 'signed', assertion: `${signed}.${signature.toString('base64url')}` };
}

/** Issued a little in the past, for endpoints whose clock is behind. */
function payload({ issuer, subject, audience, scopes, now }: AssertionClaims): object {
  const seconds = Math.floor(now / 1000);
  return {
    iss: issuer,
    ...(subject === undefined ? {} : { sub: subject }),
    aud: audience,
    iat: seconds - 30,
    exp: seconds + 600,
    jti: randomUUID(),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  };
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined; // the error of OpenSSL says less than the sentence of the caller, and may quote the input
  }
}

function algorithmFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): 'RS256' | 'ES256' | undefined {
  if (asymmetricKeyType === 'rsa') return 'RS256';
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : undefined;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
