// What a refusing reply means: by reply code, enhanced code (RFC 3463) and, where servers differ, their words.

import type { Reason, Stage } from '../api/reasons.ts';
import { correctLogin } from './correct-login.ts';
import type { Failure } from './failure.ts';
import { type Provider, providerRemedy } from './provider.ts';
import {
  envelopeDefaults,
  greylistRules,
  loginMissingRules,
  mailboxRules,
  relayRules,
  senderRules,
  sizeRules,
} from './refusals/envelope.ts';
import { loginRules, refusedLoginRules } from './refusals/login.ts';
import { type RefusalFacts, type RefusalRule, type RefusedStep, ruleMatches } from './refusals/rule.ts';
import { blockedRules, encryptionRules, greetingRules, helloRules, rateRules } from './refusals/session.ts';
import type { RelayTarget, TargetAuth } from './relay-target.ts';
import { type Reply, replyText } from './reply.ts';
import { withoutSecrets } from './without-secrets.ts';

export type { RefusedStep };

export interface Refusal {
  readonly during: RefusedStep;
  readonly reply: Reply;
  readonly target: RelayTarget;
  /** Takes out what else was sent and may be said back, such as a token. */
  readonly scrub?: (text: string) => string;
  readonly provider: Provider | undefined;
  readonly authenticated: boolean;
  readonly encrypted: boolean;
  /** The sender or recipient that was refused. */
  readonly address?: string;
}

export function classifyRefusal(refusal: Refusal): Failure {
  const facts = factsOf(refusal);
  const rule = rules.find((candidate) => ruleMatches(candidate, facts)) ?? unexpected;
  return {
    stage: stageOf[refusal.during],
    reason: rule.reason,
    what: what(refusal),
    remedy: rule.remedy ?? remedy(rule, refusal),
    reply: refusal.reply,
  };
}

const rules: readonly RefusalRule[] = [
  { code: /^[1-36-9]|^\d{0,2}$/, reason: 'ProtocolError' },
  ...refusedLoginRules,
  ...encryptionRules,
  { during: ['starttls'], text: /too many/i, reason: 'RateLimited' },
  { during: ['starttls'], reason: 'StartTlsRejected' },
  ...helloRules,
  ...blockedRules,
  ...senderRules,
  ...relayRules,
  ...loginMissingRules,
  ...greylistRules,
  ...sizeRules,
  ...mailboxRules,
  ...rateRules,
  ...loginRules,
  ...greetingRules,
  ...envelopeDefaults,
];

const unexpected: RefusalRule = { reason: 'ProtocolError' };

const stageOf: Readonly<Record<RefusedStep, Stage>> = {
  greeting: 'Greeting',
  ehlo: 'Ehlo',
  starttls: 'StartTls',
  auth: 'Auth',
  mail: 'Envelope',
  rcpt: 'Envelope',
  data: 'Data',
  dataEnd: 'Data',
};

/** Enough to recognise any known text, and a bound on the work that a hostile reply can cause. */
const longestText = 2_000;

function factsOf({ during, reply, encrypted, authenticated }: Refusal): RefusalFacts {
  const text = reply.lines.join(' ').slice(0, longestText);
  // qmail and its kin put the enhanced code at the end: `(#5.7.1)`.
  const enhanced = reply.enhancedCode ?? /#([245]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1];
  return { during, code: reply.code, enhanced, text, encrypted, authenticated };
}

function what(refusal: Refusal): string {
  const { reply, target, address, scrub = (text) => text } = refusal;
  const said = bounded(withoutSecrets(scrub(replyText(reply)), { auth: target.auth, known: address }));
  const forNow = reply.code >= 400 && reply.code < 500 ? ' for now' : '';
  return `The server refused ${subject(refusal)}${forNow}: ${said}${/[.!?…]$/.test(said) ? '' : '.'}`;
}

function bounded(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 499)}…`;
}

function subject({ during, address }: Refusal): string {
  switch (during) {
    case 'greeting':
      return 'the connection';
    case 'ehlo':
      return 'EHLO';
    case 'starttls':
      return 'STARTTLS';
    case 'auth':
      return 'the login';
    case 'mail':
      return address === undefined ? 'the sender' : `the sender ${address || '<>'}`;
    case 'rcpt':
      return address === undefined ? 'the recipient' : `the recipient ${address}`;
    case 'data':
      return 'DATA';
    case 'dataEnd':
      return 'the message';
  }
}

function remedy({ reason, hint }: RefusalRule, { provider, target }: Refusal): string | undefined {
  const ofProvider = provider && providerRemedy(provider, reason);
  const ofLogin = target.auth && loginRemedy(reason, target.auth);
  const parts = [hint, ofLogin, ofProvider].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function loginRemedy(reason: Reason, { secret, from }: TargetAuth): string | undefined {
  if (reason === 'CredentialsExpired') return `Set a new password at the provider and put it into ${from}.`;
  if (reason !== 'AuthenticationFailed') return undefined;
  if (secret.kind === 'password') return correctLogin(from);
  return `The server refused the access token: check that spec.auth.username is the mailbox, and that the application of ${secret.token.from} may send as it.`;
}
