// What to do when an identity provider refuses a token, by its own error codes.
import type { TokenRequest } from './token-request.ts';

export interface Rejection {
  readonly error: string;
  readonly description: string;
  readonly request: TokenRequest;
}

export function rejectionRemedy({ error, description, request }: Rejection): string | undefined {
  const remedy =
    ofMicrosoft(description) ?? (isGoogle(request.tokenUrl) ? google(error, description) : undefined) ?? byError[error];
  return remedy?.replaceAll('FROM', request.from);
}

function ofMicrosoft(description: string): string | undefined {
  const code = /\bAADSTS(\d{4,8})\b/.exec(description)?.[1];
  return code === undefined ? undefined : microsoft[code];
}

function isGoogle(tokenUrl: string): boolean {
  return /(^|\.)(googleapis|google)\.com$/.test(new URL(tokenUrl).hostname);
}

const renewed = 'Sign in again for a new refresh token and put it into FROM.';

/** Entra ID (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const microsoft: Readonly<Record<string, string>> = {
  7000215:
    'The client secret is wrong: put the Value of a client secret of the application (not its Secret ID) into FROM.',
  7000222:
    'The client secret has expired: create a new one under Certificates & secrets of the application and put its Value into FROM.',
  7000218: 'The application wants a client secret: add it to FROM.',
  700016:
    'The tenant has no application with this identifier: correct spec.auth.oauth2.clientId (the Application (client) ID), or the tenant in tokenUrl.',
  90002:
    'The tenant does not exist: correct the tenant in spec.auth.oauth2.tokenUrl (the Directory (tenant) ID, or one of its domains).',
  900023:
    'The tenant in spec.auth.oauth2.tokenUrl is neither an identifier nor a domain name: put the Directory (tenant) ID there.',
  900021: 'The tenant in spec.auth.oauth2.tokenUrl is missing: put the Directory (tenant) ID there.',
  1002012: 'Set spec.auth.oauth2.scopes to [https://outlook.office365.com/.default].',
  70011: 'Correct spec.auth.oauth2.scopes: for grant ClientCredentials it is [https://outlook.office365.com/.default].',
  500011:
    'The scope names a resource that the tenant does not know: set spec.auth.oauth2.scopes to [https://outlook.office365.com/.default].',
  7000229:
    'The application has no service principal in this tenant: let an administrator grant consent to it (Enterprise applications).',
  7000112: 'The application is disabled: let an administrator enable it (Enterprise applications, Properties).',
  65001: 'Let an administrator grant consent to the permissions of the application (API permissions).',
  53003:
    'Conditional Access blocks the application: let an administrator exempt it, or allow the address that the operator connects from.',
  50076: `The account needs multi-factor authentication. ${renewed}`,
  50173: `The password of the account was changed. ${renewed}`,
  70008: `The refresh token has expired. ${renewed}`,
  700082: `The refresh token has expired for not being used. ${renewed}`,
};

function google(error: string, description: string): string | undefined {
  if (/invalid jwt signature/i.test(description)) {
    return 'The private key is not one of this service account any more: create a new key for it and put it into FROM.';
  }
  if (/account not found/i.test(description)) {
    return 'Correct spec.auth.oauth2.jwt.issuer: it is the address of the service account.';
  }
  if (/invalid email or user id|not a valid email/i.test(description)) {
    return 'Correct spec.auth.oauth2.jwt.subject (or spec.auth.username): it is the mailbox to send as, a user of the Workspace.';
  }
  if (/iat and exp|short-lived token/i.test(description))
    return 'Set the clock of the node: Google takes it for wrong.';
  if (error === 'unauthorized_client') {
    return 'Let a Workspace administrator allow the client ID of the service account for the scope https://mail.google.com/ (Security > API controls > Domain-wide delegation).';
  }
  if (error === 'invalid_grant') {
    return `The refresh token has expired or was revoked (after 7 days where the consent screen is in testing). ${renewed}`;
  }
  return undefined;
}

/** RFC 6749 section 5.2. */
const byError: Readonly<Record<string, string>> = {
  invalid_client: 'Correct spec.auth.oauth2.clientId, or the client secret in FROM.',
  invalid_grant: 'The refresh token or the signed assertion is not accepted (any more): put a new one into FROM.',
  unauthorized_client: 'Let the administrator of the identity provider allow this grant to the application.',
  unsupported_grant_type: 'Correct spec.auth.oauth2.grant: the identity provider does not know this one.',
  invalid_scope: 'Correct spec.auth.oauth2.scopes.',
};
