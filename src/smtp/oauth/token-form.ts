// The form that asks for a token, by grant (RFC 6749 sections 4.4.2 and 6, RFC 7523 section 2.1).
import { signedAssertion } from './signed-assertion.ts';
import type { TokenRequest } from './token-request.ts';

export type TokenForm =
  | { readonly kind: 'form'; readonly fields: URLSearchParams; readonly secrets: readonly string[] }
  | { readonly kind: 'unusable'; readonly what: string };

export function tokenForm({ grant, scopes, from }: TokenRequest, now: number): TokenForm {
  const scope = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  switch (grant.kind) {
    case 'ClientCredentials': {
      const { clientId, clientSecret } = grant;
      const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, ...scope };
      return { kind: 'form', fields: new URLSearchParams(fields), secrets: [clientSecret] };
    }
    case 'RefreshToken': {
      const { clientId, refreshToken, clientSecret } = grant;
      const secret = clientSecret === undefined ? {} : { client_secret: clientSecret };
      const fields = {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: clientId,
        ...secret,
        ...scope,
      };
      return { kind: 'form', fields: new URLSearchParams(fields), secrets: [refreshToken, clientSecret ?? ''] };
    }
    case 'JwtBearer': {
      const signed = signedAssertion({ ...grant, scopes, now });
      if (signed.kind === 'unusable') return { kind: 'unusable', what: `The private key in ${from} ${signed.what}.` };
      const { assertion } = signed;
      const fields = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion, ...scope };
      return { kind: 'form', fields: new URLSearchParams(fields), secrets: [assertion] };
    }
  }
}
