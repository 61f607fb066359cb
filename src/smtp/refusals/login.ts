// Refusals of AUTH (RFC 4954 section 6), and what providers say with them.
import type { RefusalRule } from './rule.ts';
import { blockedRules, needsTls, tooMuch } from './session.ts';

const during = ['auth'] as const;

/** The command or the mechanism, not the credentials. */
const mechanismRules: readonly RefusalRule[] = [
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
];

const credentialRules: readonly RefusalRule[] = [
  // A password that was right once. RFC 5248: X.7.12 is a password transition, X.7.13 a disabled account.
  {
    during,
    text: /password.{0,40}(?:expired|must be changed|has to be changed|transition)|(?:expired|must change).{0,20}password/i,
    reason: 'CredentialsExpired',
  },
  { during, enhanced: /^[45]\.7\.12$/, reason: 'CredentialsExpired' },

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
];

export const loginRules: readonly RefusalRule[] = [
  ...mechanismRules,
  ...credentialRules,
  { during, code: /^432$/, reason: 'CredentialsExpired' },
  { during, code: /^4/, reason: 'AuthenticationTemporaryFailure' },
  { during, code: /^5/, reason: 'AuthenticationFailed' },
];

const otherMechanism = 'Try another spec.auth.mechanism that the server offers: it may not take this one of this user.';

/** What the words of a 535 may have in them besides: advice, but no other reason. */
const hints: readonly RefusalRule[] = [
  ...blockedRules.map((rule): RefusalRule => ({ ...toldBy(rule), hint: rule.remedy ?? '' })),
  {
    text: tooMuch,
    reason: 'AuthenticationFailed',
    hint: 'Wait until the server takes logins again: it counts those that fail.',
  },
  {
    text: needsTls,
    encrypted: false,
    reason: 'AuthenticationFailed',
    hint: 'Use spec.tls.mode StartTls or Implicit: the server wants an encrypted connection.',
  },
  ...mechanismRules.filter(({ text }) => text !== undefined).map((rule) => ({ ...toldBy(rule), hint: otherMechanism })),
];

function toldBy({ text, enhanced }: RefusalRule): RefusalRule {
  return { ...(text ? { text } : {}), ...(enhanced ? { enhanced } : {}), reason: 'AuthenticationFailed' };
}

/** RFC 4954 section 6: 535 refuses the credentials. It counts as that whatever its words look like, because accounts lock. */
export const refusedLoginRules: readonly RefusalRule[] = [
  ...credentialRules,
  ...hints,
  { reason: 'AuthenticationFailed' } as const,
].map((rule) => ({ ...rule, during, code: /^535$/ }));
