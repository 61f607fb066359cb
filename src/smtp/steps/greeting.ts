// Stage Greeting: waits for the server to speak first (RFC 5321 section 3.1), and finds out what it is when it does not.
import { isIP } from 'node:net';
import { brokenOff, type Conversation, failure } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { parseHost } from '../network/host-name.ts';
import { type Protocol, recognizeProtocol } from '../protocol.ts';
import { type Look, lookAtSilentServer, lookInsideTls } from '../second-look.ts';
import type { Broken } from '../wire/connection.ts';
import { refused } from './refused.ts';

export async function greeting(conversation: Conversation): Promise<Failure | undefined> {
  const { connection } = conversation;
  if (!connection) return undefined;
  const answer = await connection.readReply();
  if (answer.kind === 'broken') return await noGreeting(conversation, answer);
  conversation.greeting = answer.reply;
  if (answer.reply.code === 220) return undefined;
  const protocol = recognizeProtocol(Buffer.from(`${answer.reply.code} ${answer.reply.lines.join(' ')}`));
  if (protocol !== undefined && protocol !== 'SMTP') return otherProtocol(conversation, protocol);
  return refused(conversation, {
    stage: 'Greeting',
    during: 'greeting',
    reply: answer.reply,
    command: 'the connection',
    expected: 220,
  });
}

async function noGreeting(conversation: Conversation, answer: Broken): Promise<Failure> {
  if (answer.reason === 'ClientCertificateRejected' || answer.reason === 'HandshakeFailed') {
    return brokenOff('Greeting', answer, 'a greeting');
  }
  const protocol = recognizeProtocol(answer.firstBytes) ?? (await lookAgain(conversation, answer));
  if (protocol !== undefined && protocol !== 'SMTP') return otherProtocol(conversation, protocol);
  if (answer.reason !== 'ReplyTimedOut') return brokenOff('Greeting', answer, 'a greeting');
  return failure(
    'Greeting',
    'GreetingTimedOut',
    `The server accepted the connection, but ${answer.what}: no greeting came.`,
  );
}

/** A server that sent no whole line may wait for TLS or a request; one that sent something has shown what it is. */
async function lookAgain(conversation: Conversation, { firstBytes, reason }: Broken): Promise<Protocol | undefined> {
  if (firstBytes.length > 0 || reason === 'ProtocolError' || !conversation.address) return undefined;
  const look = lookOf(conversation, conversation.address);
  return conversation.link === 'plain' ? await lookAtSilentServer(look) : await lookInsideTls(look);
}

/** The longest that one more connection may take. */
const longestLook = 5_000;

export function lookOf({ target, deps }: Conversation, address: string): Look {
  const host = parseHost(target.tls.serverName ?? target.host);
  return {
    address,
    port: target.port,
    serverName: host.kind === 'name' && isIP(host.name) === 0 ? host.name : undefined,
    patience: Math.min(longestLook, target.connectionTimeout),
    signal: deps.signal,
  };
}

/** What such a server said is not shown: it may be any service that the relay's author has no business with. */
export function otherProtocol(conversation: Conversation, protocol: Protocol): Failure {
  const { target, transcript, link } = conversation;
  transcript.replaceBy(`S: <speaks ${protocol}>`);
  conversation.greeting = undefined;
  if (protocol === 'TLS') {
    const what = `Port ${target.port} of the server waits for TLS from the first byte; spec.tls.mode ${target.tls.mode} starts in plain text.`;
    return failure('Greeting', 'ImplicitTlsExpected', what);
  }
  const inTls = link === 'plain' ? '' : ' inside TLS';
  return failure(
    'Greeting',
    'NotAnSmtpServer',
    `Port ${target.port} of the server speaks ${protocol}${inTls}, not SMTP.`,
  );
}
