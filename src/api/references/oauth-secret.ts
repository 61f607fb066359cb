// The secret part of an OAuth 2 grant, from a Secret of type relaykeeper.dev/oauth.
import type { ReferencedObject } from '../referenced-object.ts';
import type { SmtpRelaySpec } from '../smtp-relay.ts';
import { type Checked, isUnusable, type ReferencePlace, unusable, usable, wrongType } from './checked.ts';
import { privateKeyIn } from './private-key.ts';
import { textValue } from './text-value.ts';

export type OAuthGrant = NonNullable<NonNullable<SmtpRelaySpec['auth']>['oauth2']>['grant'];

export type OAuthSecret =
  | { readonly kind: 'ClientCredentials'; readonly clientSecret: string }
  /** A public client has no secret of its own (RFC 6749 section 2.1). */
  | { readonly kind: 'RefreshToken'; readonly refreshToken: string; readonly clientSecret: string | undefined }
  | { readonly kind: 'JwtBearer'; readonly privateKey: string };

export function oauthSecretOf(
  object: ReferencedObject,
  grant: OAuthGrant,
  place: ReferencePlace,
): Checked<OAuthSecret> {
  const badType = wrongType(object, place, ['relaykeeper.dev/oauth']);
  if (badType) return badType;
  switch (grant) {
    case 'ClientCredentials': {
      const secret = textValue(object, 'client_secret', place);
      if (isUnusable(secret)) return secret;
      return usable({ kind: grant, clientSecret: secret.text }, secret.warnings);
    }
    case 'RefreshToken': {
      const token = textValue(object, 'refresh_token', place);
      if (isUnusable(token)) return token;
      const secret = object.data.has('client_secret') ? textValue(object, 'client_secret', place) : undefined;
      if (isUnusable(secret)) return secret;
      const warnings = [...token.warnings, ...(secret?.warnings ?? [])];
      return usable({ kind: grant, refreshToken: token.text, clientSecret: secret?.text }, warnings);
    }
    case 'JwtBearer':
      return assertionKey(object, place);
  }
}

/** RS256 and ES256 (RFC 7518 section 3.1). */
function assertionKey(object: ReferencedObject, place: ReferencePlace): Checked<OAuthSecret> {
  const key = privateKeyIn(object, 'private_key', place);
  if (isUnusable(key)) return key;
  const type = key.key.asymmetricKeyType;
  if (type === 'rsa' || type === 'ec') return usable({ kind: 'JwtBearer', privateKey: key.pem });
  const message = `key "private_key" holds a key of type ${type}; a signed assertion takes RSA or EC`;
  return unusable(place, 'PrivateKeyUnparsable', message);
}
