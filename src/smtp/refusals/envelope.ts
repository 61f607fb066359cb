// Refusals of MAIL, RCPT, DATA and of the message itself. Many servers put off what they hold against client or sender
// until RCPT, so the words count before the command.
import type { RefusalRule, RefusedStep } from './rule.ts';

const during: readonly RefusedStep[] = ['mail', 'rcpt', 'data', 'dataEnd'];
const message: readonly RefusedStep[] = ['data', 'dataEnd'];

export const loginMissingRules: readonly RefusalRule[] = [
  {
    during: ['ehlo', ...during],
    authenticated: false,
    text: /authenticat(?:ion|e)(?: is)? (?:required|first)|\bauth (?:is )?(?:required|first)|(?:not|n't) (?:been )?(?:authenticated|logged in)|must (?:first )?(?:be )?(?:authenticate|log ?in)|requires? (?:smtp )?authentication|turn on smtp auth|anonymous .{0,30}not allowed/i,
    reason: 'AuthenticationRequired',
  },
  { during: ['ehlo', ...during], enhanced: /^5\.7\.57$/, reason: 'AuthenticationRequired' },
  { during: ['ehlo', ...during], code: /^530$/, reason: 'AuthenticationRequired' },
];

export const senderRules: readonly RefusalRule[] = [
  {
    during,
    text: /send[ -]?as\b|sendasdenied|not (?:allowed|authori[sz]ed|permitted) to send(?! (?:e?mails? |messages? )?to\b)|not owned by|\bsender\b.{0,40}(?:rejected|refused|denied|verify failed|not allowed|not permitted|not verified|not authori[sz]ed|invalid|unknown|disallowed)|\bsender (?:address|domain|signature)|domain of sender|verified sender|addresse?s? (?:is|are) not verified|banned sender|from.{0,10} (?:address|header|domain).{0,60}not/i,
    reason: 'SenderRejected',
  },
  { during, enhanced: /^[45]\.(?:1\.[78]|7\.(?:60|50[1-3]|750)|2\.252)$/, reason: 'SenderRejected' },
];

export const relayRules: readonly RefusalRule[] = [
  {
    during,
    text: /relay(?:ing)?\b.{0,30}(?:denied|prohibited|not (?:allowed|permitted|authori[sz]ed)|disallowed|refused)|(?:unable|not permitted|not allowed|not authori[sz]ed|cannot|refuse\w*|do(?:es)? not) (?:to )?relay|credentials for relay|allowed rcpthosts|delivery is not allowed|client host rejected: access denied|non-accepted domain/i,
    reason: 'RelayDenied',
  },
  { during: ['mail', 'rcpt', 'dataEnd'], enhanced: /^5\.7\.(?:54|64|36[78])$/, reason: 'RelayDenied' },
];

export const sizeRules: readonly RefusalRule[] = [
  { during, enhanced: /^[45]\.(?:3\.4|2\.3)$/, reason: 'MessageTooLarge' },
  {
    during,
    text: /(?:message|mail|data|header)\b.{0,30}\b(?:size|length|too (?:large|big|long))|size (?:limit|exceed)/i,
    code: /^(?:4|5)5[24]$|^5/,
    reason: 'MessageTooLarge',
  },
];

export const greylistRules: readonly RefusalRule[] = [
  { during, code: /^4/, text: /gr[ae]y-?\s?list|postgrey/i, reason: 'Greylisted' },
];

export const mailboxRules: readonly RefusalRule[] = [
  { during, enhanced: /^[45]\.2\.2$/, reason: 'MailboxUnavailable' },
  {
    during,
    text: /mailbox.{0,20}(?:full|quota|exceed)|over ?quota|quota.{0,10}full|disk quota/i,
    reason: 'MailboxUnavailable',
  },
];

/** Where the words say nothing: by command, enhanced code and code. */
export const envelopeDefaults: readonly RefusalRule[] = [
  { during, code: /^4/, enhanced: /^4\.7\.1$/, reason: 'Greylisted' },
  { during, enhanced: /^[45]\.2\.1$/, reason: 'MailboxUnavailable' },
  { during, code: /^45[02]$/, enhanced: /^4\.2\./, reason: 'MailboxUnavailable' },
  { during, enhanced: /^4\.3\.1$/, reason: 'ServiceUnavailable' },
  { during, code: /^452$/, text: /storage|disk|space/i, reason: 'ServiceUnavailable' },
  { during, code: /^452$/, reason: 'RateLimited' },

  { during: ['mail', 'rcpt', 'data'], code: /^50[0234]$|^555$/, reason: 'ProtocolError' },
  { during: ['mail'], code: /^552$/, reason: 'MessageTooLarge' },
  { during: ['mail'], code: /^5/, reason: 'SenderRejected' },

  { during: ['rcpt'], code: /^4/, enhanced: /^4\.1\./, reason: 'MailboxUnavailable' },
  { during: ['rcpt'], code: /^450$/, reason: 'MailboxUnavailable' },
  { during: ['rcpt'], code: /^552$/, reason: 'MailboxUnavailable' },
  { during: ['rcpt'], code: /^5/, reason: 'RecipientRejected' },

  { during: message, enhanced: /^5\.1\.[0-36]$|^5\.1\.10$/, reason: 'RecipientRejected' },
  { during: message, text: /no valid recipients/i, reason: 'RecipientRejected' },
  { during: message, code: /^552$/, enhanced: /^5\.[67]\./, reason: 'ContentRejected' },
  { during: message, code: /^552$/, reason: 'MessageTooLarge' },
  { during: message, code: /^5/, reason: 'ContentRejected' },
  { during: message, code: /^4/, enhanced: /^4\.[67]\./, reason: 'ContentRejected' },
  { during, code: /^4/, reason: 'ServiceUnavailable' },
];
