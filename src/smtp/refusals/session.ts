// Refusals that are about the connection rather than one login, sender or recipient: who connects, how often, how.
import type { RefusalRule, RefusedStep } from './rule.ts';

const beforeMessage: readonly RefusedStep[] = ['greeting', 'ehlo', 'auth', 'mail', 'rcpt'];
const afterEhlo: readonly RefusedStep[] = ['mail', 'rcpt', 'data', 'dataEnd'];

const blocked =
  'The server blocks the address that the operator connects from: look it up at the block list that the reply names and ask for removal, give it a PTR record, or let the server allow it.';

export const needsTls =
  /must issue (?:a |the )?starttls|(?:ssl|tls)[\w\s/-]{0,20}required|requires? (?:ssl|tls|starttls)|encryption (?:is )?required|(?:secure|encrypted) connection (?:is )?required|use starttls|starttls first|plaintext authentication disallowed/i;

/** RFC 4954 section 6 (538), RFC 5248 (X.7.10, X.7.11). A link that is encrypted already cannot be what is missing. */
export const encryptionRules: readonly RefusalRule[] = [
  { during: ['auth'], code: /^538$/, reason: 'AuthenticationRequiresEncryption' },
  { during: ['auth'], enhanced: /^[45]\.7\.1[01]$/, reason: 'AuthenticationRequiresEncryption' },
  { during: ['auth'], text: needsTls, encrypted: false, reason: 'AuthenticationRequiresEncryption' },
  { during: ['ehlo', ...afterEhlo], text: needsTls, encrypted: false, reason: 'EncryptionRequired' },
  { during: ['ehlo', ...afterEhlo], enhanced: /^[45]\.7\.10$/, encrypted: false, reason: 'EncryptionRequired' },
];

/** HELO checks are often put off until RCPT (Postfix's smtpd_delay_reject). */
export const helloRules: readonly RefusalRule[] = [
  // Google's smtp-relay answers a name that it dislikes as if it were busy, naming the command at the end.
  { during: ['ehlo'], text: /\(EHLO\)|\(HELO\)/, reason: 'EhloRejected' },
  {
    during: ['mail', 'rcpt'],
    text: /\b(?:helo|ehlo)\b.{0,40}(?:reject|invalid|denied|not accept)|(?:invalid|bad|forged) (?:helo|ehlo)/i,
    reason: 'EhloRejected',
  },
];

/** A client address that is not wanted, and a server that is on its way down. */
export const blockedRules: readonly RefusalRule[] = [
  {
    during: beforeMessage,
    text: /\b(?:dns[bw]l|rbl|spamhaus|spamcop|barracuda\w*|sorbs|uceprotect|block ?list\w*|blacklist\w*)\b|client host .{0,80}blocked|banned sending ip|unauthori[sz]ed ip|poor reputation/i,
    reason: 'ServiceUnavailable',
    remedy: blocked,
  },
  {
    during: beforeMessage,
    text: /cannot find your (?:reverse )?hostname|reverse dns|\bptr\b|unresolvable/i,
    reason: 'ServiceUnavailable',
    remedy: blocked,
  },
  {
    during: beforeMessage,
    enhanced: /^[45]\.7\.(?:25|511|6[0-4]\d|708)$/,
    reason: 'ServiceUnavailable',
    remedy: blocked,
  },
];

export const tooMuch =
  /too (?:many|much) (?!hops)|too (?:fast|quickly|often)|\brate\b|rate-?limit|throttl|limit(?:s)? (?:has been |was )?(?:exceeded|reached)|exceed(?:ed|s|ing)? .{0,60}(?:\brate|\blimit|messages|emails|connections|per (?:minute|hour|day))|daily .{0,40}(?:limit|quota)|sending quota|maximum (?:number of )?(?:connections|messages|emails|sending)|server (?:is )?busy|ports are busy|slow down/i;

const unavailable = /service (?:is )?(?:currently |temporarily )?(?:unavailable|not available)|system problem/i;

export const rateRules: readonly RefusalRule[] = [
  { text: tooMuch, reason: 'RateLimited' },
  // X.7.28 is mail flood detected (IANA's registry); 5.7.232, .233 and .705 are a Microsoft tenant over its limit.
  { enhanced: /^[45]\.(?:5\.3|7\.28|7\.705|7\.23[23])$/, reason: 'RateLimited' },
  { code: /^4/, enhanced: /^4\.7\.(?:500|65[0-2])$/, reason: 'RateLimited' },
  { code: /^421$/, text: unavailable, reason: 'ServiceUnavailable' },
  { during: ['greeting', 'ehlo', ...afterEhlo], code: /^4/, text: unavailable, reason: 'ServiceUnavailable' },
  { code: /^421$/, enhanced: /^4\.7\.0$/, reason: 'RateLimited' },
  { code: /^4/, during: ['auth', ...afterEhlo], enhanced: /^4\.3\.2$/, reason: 'RateLimited' },
  { code: /^421$/, reason: 'ServiceUnavailable' },
];

export const greetingRules: readonly RefusalRule[] = [
  { during: ['greeting'], reason: 'ServiceUnavailable' },
  { during: ['ehlo'], reason: 'EhloRejected' },
];
