// Stage Auth: the login (RFC 4954). A line with a credential is never put into the transcript.
import { brokenOff, type Conversation, failure, warn } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import type { TargetAuth } from '../relay-target.ts';
import type { Reply } from '../reply.ts';
import { chooseMechanism, type SaslMechanism } from '../sasl/choose-mechanism.ts';
import { type SaslExchange, saslExchange } from '../sasl/exchange.ts';
import type { Answer, Connection } from '../wire/connection.ts';
import { loginHindrance, offeredMechanisms } from './login-hindrance.ts';
import { refused } from './refused.ts';

/** More challenges than any mechanism has: a server that sends them has no end in mind. */
const mostChallenges = 6;
const redacted = '<redacted>';

export async function logIn(conversation: Conversation): Promise<Failure | undefined> {
  const { connection, target } = conversation;
  if (!connection || !target.auth) return undefined;
  const hindrance = loginHindrance(conversation, target.auth);
  if (hindrance) return hindrance;
  const choice = chooseMechanism({ offered: offeredMechanisms(conversation), auth: target.auth });
  if (choice.kind === 'none') return failure('Auth', choice.reason, choice.what, choice.remedy);
  const exchange = exchangeFor(conversation, choice.mechanism, target.auth);
  if (exchange.unusable)
    return failure('Auth', 'AuthenticationFailed', `${exchange.unusable} Nothing was sent.`, correct(target.auth));
  conversation.mechanism = choice.mechanism;
  warnUnprotected(conversation, target.auth);
  return await exchangeLines(conversation, { connection, mechanism: choice.mechanism, exchange });
}

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

function correct({ from }: TargetAuth): string {
  return `Correct user name and password in ${from}.`;
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
  let answer = await begin(login, initialResponse);
  let evidence: string | undefined;
  for (let round = 0; answer.kind === 'reply' && answer.reply.code === 334; round += 1) {
    const step =
      round < mostChallenges
        ? exchange.respond(answer.reply.lines.join(''))
        : ({ kind: 'abort', what: `The server sent more than ${mostChallenges} challenges.` } as const);
    if (step.kind === 'abort') return await cancel(connection, step.what);
    evidence = step.evidence ?? evidence;
    answer = await connection.command(step.line, redacted);
  }
  if (answer.kind === 'broken') return brokenOff('Auth', answer, `the reply to AUTH ${mechanism}`);
  if (answer.reply.code !== 235) return notLoggedIn(conversation, answer.reply, evidence);
  conversation.authenticated = true;
  return undefined;
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
