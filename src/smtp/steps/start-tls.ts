// Stage StartTls: asks the server to go over to TLS (RFC 3207), and refuses to if anything was slipped in before it.
import { brokenOff, type Conversation, failure, offered, warn } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import type { Reply } from '../reply.ts';
import { quoted } from '../scrub.ts';
import type { Connection } from '../wire/connection.ts';
import { refused } from './refused.ts';

export async function startTls(conversation: Conversation): Promise<Failure | undefined> {
  const { connection } = conversation;
  if (!connection) return undefined;
  if (offered(conversation, 'STARTTLS') === undefined) return notOffered(conversation);
  const answer = await connection.command('STARTTLS');
  if (answer.kind === 'broken') return brokenOff('StartTls', answer, 'the reply to STARTTLS');
  if (answer.reply.code !== 220) return notStarted(conversation, answer.reply);
  if (connection.unread > 0) return injected(connection);
  conversation.tlsAgreed = true;
  return undefined;
}

function notOffered(conversation: Conversation): Failure | undefined {
  const { target, capabilities, saidHelo } = conversation;
  if (target.tls.mode === 'Opportunistic') return goOnInPlain(conversation, 'The server does not offer STARTTLS');
  const offer = saidHelo
    ? 'it knows HELO only'
    : `it offers ${capabilities.length === 0 ? 'no extension at all' : capabilities.slice(0, 8).join(', ')}`;
  return failure('StartTls', 'StartTlsNotOffered', `The server does not offer STARTTLS: ${offer}.`);
}

function notStarted(conversation: Conversation, reply: Reply): Failure | undefined {
  if (conversation.target.tls.mode === 'Opportunistic') {
    return goOnInPlain(conversation, `The server refused STARTTLS (${quoted(conversation, reply, 200)})`);
  }
  return refused(conversation, { stage: 'StartTls', during: 'starttls', reply, command: 'STARTTLS', expected: 220 });
}

function goOnInPlain(conversation: Conversation, why: string): undefined {
  warn(conversation, 'NotEncrypted', `${why}, so mail goes in plain text, as spec.tls.mode Opportunistic allows.`);
}

/** CVE-2011-0411: what came in plain text would count as said inside TLS. */
function injected(connection: Connection): Failure {
  const { unread } = connection;
  connection.destroy(); // no QUIT: it could only be said in plain text, to whoever slipped this in
  const what = `${unread} bytes in plain text followed the server's reply to STARTTLS before the handshake.`;
  return failure('StartTls', 'StartTlsInjection', what);
}
