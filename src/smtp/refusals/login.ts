// Refusals of AUTH (RFC 4954 section 6), and what providers say with them.
import type { RefusalRule } from './rule.ts';

const during = ['auth'] as const;

export const loginRules: readonly RefusalRule[] = [
  // The command or the mechanism, not the credentials.
  {
    during,
    code: /^50[0-3]$/,
    text: /not (?:advertised|enabled|implemented|recogni[sz]ed|supported|available)|unrecogni[sz]ed command|unknown command/i,
    reason: 'AuthNotOffered',
  },
  { during, code: /^50[02]$/, reason: 'AuthNotOffered' },
  { during, code: /^504$/, reason: 'MechanismNotOffered' },
  {
    during,
    text: /(?:mechanism|authentication type|auth type).{0,40}(?:not supported|unsupported|unrecogni[sz]ed|invalid|unknown)|unrecogni[sz]ed authentication type|unsupported (?:auth\w* )?mechanism/i,
    reason: 'MechanismNotOffered',
  },
  {
    during,
    text: /mechanism is too weak/i,
    reason: 'MechanismNotOffered',
    remedy: 'Set spec.auth.mechanism to a stronger one that the server offers (XOAuth2, or Plain over TLS).',
  },

  // A password that was right once. RFC 5248: X.7.12 is a password transition, X.7.13 a disabled account.
  {
    during,
    text: /password.{0,40}(?:expired|must be changed|has to be changed|transition)|(?:expired|must change).{0,20}password/i,
    reason: 'CredentialsExpired',
  },
  { during, enhanced: /^[45]\.7\.12$/, reason: 'CredentialsExpired' },
  { during, code: /^432$/, reason: 'CredentialsExpired' },

  // Microsoft 365. Its 5.7.139 has several texts, of which one is a plain wrong password.
  {
    during,
    text: /(?:smtpclientauthentication|basic authentication|smtp auth\w*) is (?:disabled|not supported)|basic authentication is/i,
    reason: 'BasicAuthenticationDisabled',
  },
  {
    during,
    enhanced: /^5\.7\.139$/,
    text: /security defaults|did not meet the criteria|conditional access|blocked by policy/i,
    reason: 'BasicAuthenticationDisabled',
  },
  { during, enhanced: /^5\.7\.139$/, text: /credentials (?:were|are) incorrect/i, reason: 'AuthenticationFailed' },
  { during, enhanced: /^5\.7\.(?:139|30)$/, reason: 'BasicAuthenticationDisabled' },
  // Google: the account's own password is not taken where two-step verification is on.
  { during, text: /application-specific password required/i, reason: 'BasicAuthenticationDisabled' },
  {
    during,
    enhanced: /^5\.7\.14$/,
    reason: 'AuthenticationFailed',
    remedy:
      'Google holds the sign-in for suspicious: sign in to this account once with a browser, then use an app password (needs two-step verification), or use spec.auth.oauth2.',
  },

  {
    during,
    enhanced: /^5\.7\.13$/,
    reason: 'AuthenticationFailed',
    remedy: 'The account is disabled: let an administrator of the mail server enable it.',
  },
  {
    during,
    code: /^5/,
    text: /(?:account|user|mailbox).{0,30}(?:disabled|locked|suspended|blocked|inactive)/i,
    reason: 'AuthenticationFailed',
    remedy: 'The account is disabled or locked: let an administrator of the mail server unlock it.',
  },
  { during, code: /^4/, reason: 'AuthenticationTemporaryFailure' },
  { during, code: /^5/, reason: 'AuthenticationFailed' },
];
