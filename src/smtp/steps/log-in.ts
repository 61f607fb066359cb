// Stage Auth: the login (RFC 4954). A line with a credential is never put into the transcript.

import { brokenOff, type Conversation, failure, warn } from '../conversation.ts';
import { correctLogin } from '../correct-login.ts';
import type { Failure } from '../failure.ts';
import { type LoginOutcome, takeTurn } from '../login-turn.ts';
import type { TargetAuth } from '../relay-target.ts';
import type { Reply } from '../reply.ts';
import { failureMessage } from '../report.ts';
import type { SaslMechanism } from '../sasl/choose-mechanism.ts';
import { type SaslExchange, saslExchange } from '../sasl/exchange.ts';
import type { Answer, Connection } from '../wire/connection.ts';
import { planLogin, restingLogin } from './plan-login.ts';
import { refused } from './refused.ts';

/** More challenges than any mechanism has: a server that sends them has no end in mind. */
const mostChallenges = 6;
const redacted = '<redacted>';

export async function logIn(conversation: Conversation): Promise<Failure | undefined> {
  const { connection, target, deps } = conversation;
  if (!connection || !target.auth) return undefined;
  const plan = planLogin(conversation, target.auth);
  if (plan.kind === 'hindered') return plan.failure;
  const exchange = exchangeFor(conversation, plan.mechanism, target.auth);
  if (exchange.unusable)
    return failure('Auth', 'AuthenticationFailed', `${exchange.unusable} Nothing was sent.`, correct(target.auth));
  const turn = await takeTurn(deps.beforeLogin, deps.signal);
  if (turn.kind === 'held') return restingLogin(turn.held);
  if (turn.kind === 'stopped') return failure('Auth', 'AuthenticationTemporaryFailure', noTurn, noTurnRemedy);
  conversation.mechanism = plan.mechanism;
  warnUnprotected(conversation, target.auth);
  const failed = await exchangeLines(conversation, { connection, mechanism: plan.mechanism, exchange });
  forgetRefusedToken(conversation, failed);
  turn.done(outcomeOf(conversation, failed));
  return failed;
}

const noTurn = 'The probe ended while others tried the same login, so it was not sent.';
const noTurnRemedy = 'Nothing needs to be done: it is tried again at the next probe.';

function exchangeFor(
  { accessToken }: Conversation,
  mechanism: SaslMechanism,
  { username, secret }: TargetAuth,
): SaslExchange {
  return saslExchange(mechanism, {
    username,
    secret: secret.kind === 'password' ? secret.password : (accessToken ?? ''),
  });
}

/** It may have been revoked before its time; with a 4xx it was not even looked at. */
function forgetRefusedToken({ target, accessToken, deps }: Conversation, failed: Failure | undefined): void {
  const code = failed?.reply?.code ?? 0;
  if (target.auth?.secret.kind !== 'oauth2' || accessToken === undefined || code < 500) return;
  deps.tokens.forget(target.auth.secret.token, accessToken);
}

function outcomeOf(conversation: Conversation, failed: Failure | undefined): LoginOutcome {
  if (!failed) return { kind: 'accepted' };
  const message = failureMessage(conversation, failed);
  return { kind: 'failed', reason: failed.reason, message, replyCode: failed.reply?.code };
}

function correct({ from }: TargetAuth): string {
  return correctLogin(from);
}

function warnUnprotected(conversation: Conversation, { from }: TargetAuth): void {
  if (conversation.link === 'verified') return;
  const how = conversation.link === 'plain' ? 'without encryption' : 'to a server that is not verified';
  warn(
    conversation,
    'CredentialsUnencrypted',
    `The login of ${from} was sent ${how}, as spec.auth.allowUnencrypted allows: who stands between can read it.`,
  );
}

interface Login {
  readonly connection: Connection;
  readonly mechanism: SaslMechanism;
  readonly exchange: SaslExchange;
}

async function exchangeLines(conversation: Conversation, login: Login): Promise<Failure | undefined> {
  const { connection, mechanism, exchange } = login;
  const { initialResponse } = exchange;
  remember(conversation, initialResponse);
  let answer = await begin(login, initialResponse);
  let evidence: string | undefined;
  for (let round = 0; answer.kind === 'reply' && answer.reply.code === 334; round += 1) {
    const step =
      round < mostChallenges
        ? exchange.respond(answer.reply.lines.join(''))
        : ({ kind: 'abort', what: `The server sent more than ${mostChallenges} challenges.` } as const);
    if (step.kind === 'abort') return await cancel(connection, step.what);
    evidence = step.evidence ?? evidence;
    remember(conversation, step.line);
    answer = await connection.command(step.line, redacted);
  }
  if (answer.kind === 'broken') return brokenOff('Auth', answer, `the reply to AUTH ${mechanism}`);
  if (answer.reply.code !== 235) return notLoggedIn(conversation, answer.reply, evidence);
  conversation.authenticated = true;
  return undefined;
}

/** Before it is sent: the very reply to it may say it back. */
function remember(conversation: Conversation, line: string | undefined): void {
  if (line) conversation.sentSecrets = [...conversation.sentSecrets, line];
}

function begin({ connection, mechanism }: Login, initialResponse: string | undefined): Promise<Answer> {
  const command = `AUTH ${mechanism}`;
  if (initialResponse === undefined) return connection.command(command);
  // RFC 4954 section 4: an empty initial response is written as "=".
  return connection.command(`${command} ${initialResponse === '' ? '=' : initialResponse}`, `${command} ${redacted}`);
}

async function cancel(connection: Connection, what: string): Promise<Failure> {
  await connection.command('*');
  return failure('Auth', 'ProtocolError', what);
}

function notLoggedIn(conversation: Conversation, reply: Reply, evidence: string | undefined): Failure {
  const refusal = refused(conversation, { stage: 'Auth', during: 'auth', reply, command: 'AUTH', expected: 235 });
  return evidence ? { ...refusal, what: `${refusal.what} ${evidence}` } : refusal;
}
