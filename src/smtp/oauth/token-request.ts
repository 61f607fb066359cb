// What is asked of an OAuth 2 token endpoint, complete with the secret: built from spec.auth.oauth2 and its Secret.

export interface TokenRequest {
  /** https only. */
  readonly tokenUrl: string;
  readonly scopes: readonly string[];
  readonly grant:
    | { readonly kind: 'ClientCredentials'; readonly clientId: string; readonly clientSecret: string }
    | {
        readonly kind: 'RefreshToken';
        readonly clientId: string;
        readonly refreshToken: string;
        readonly clientSecret: string | undefined;
      }
    | {
        readonly kind: 'JwtBearer';
        readonly issuer: string;
        readonly subject: string | undefined;
        readonly audience: string;
        readonly keyId: string | undefined;
        /** PEM, RSA or EC. */
        readonly privateKey: string;
      };
  /** Where the secret comes from, for remedies: `Secret "oauth" key "client_secret"`. */
  readonly from: string;
}
