// Stage Ehlo: introduces the client and learns what the server offers; HELO where EHLO is not known (RFC 5321 section 3.2).
import { isIPv4, type Socket } from 'node:net';
import { brokenOff, type Conversation, failure, warn } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import type { Reply } from '../reply.ts';
import { quoted } from '../scrub.ts';
import { otherProtocol } from './greeting.ts';
import { refused } from './refused.ts';

export async function ehlo(conversation: Conversation): Promise<Failure | undefined> {
  const { connection } = conversation;
  if (!connection) return undefined;
  const name = clientName(conversation, connection.socket);
  const answer = await connection.command(`EHLO ${name}`);
  if (answer.kind === 'broken') return brokenOff('Ehlo', answer, 'the reply to EHLO');
  if (answer.reply.code === 250) {
    conversation.capabilities = capabilities(conversation, answer.reply);
    conversation.saidHelo = false;
    return undefined;
  }
  if (answer.reply.code < 500) return rejected(conversation, answer.reply);
  return await helo(conversation, name, answer.reply);
}

async function helo(conversation: Conversation, name: string, toEhlo: Reply): Promise<Failure | undefined> {
  const answer = await conversation.connection?.command(`HELO ${name}`);
  if (!answer) return undefined;
  if (answer.kind === 'broken') return rejected(conversation, toEhlo);
  if (answer.reply.code !== 250) return notSmtp(conversation) ?? rejected(conversation, answer.reply);
  conversation.capabilities = [];
  conversation.saidHelo = true;
  warn(
    conversation,
    'EhloNotSupported',
    `The server refused EHLO (${quoted(conversation, toEhlo, 200)}) and took HELO: it offers no TLS and no login this way.`,
  );
  return undefined;
}

/** FTP greets like SMTP; LMTP differs only in its first command (RFC 2033 section 4.1). */
function notSmtp(conversation: Conversation): Failure | undefined {
  const greeting = conversation.greeting?.lines.join(' ') ?? '';
  if (/FTP/i.test(greeting) && !/SMTP/i.test(greeting)) return { ...otherProtocol(conversation, 'FTP'), stage: 'Ehlo' };
  if (!/\bLMTP\b/.test(greeting)) return undefined;
  const what = `Port ${conversation.target.port} of the server speaks LMTP, not SMTP.`;
  return failure(
    'Ehlo',
    'NotAnSmtpServer',
    what,
    'Use the SMTP port of this server: LMTP only delivers to local mailboxes.',
  );
}

function rejected(conversation: Conversation, reply: Reply): Failure {
  return refused(conversation, { stage: 'Ehlo', during: 'ehlo', reply, command: 'EHLO', expected: 250 });
}

/** The first line is the server's name. `AUTH=LOGIN` is what servers said before RFC 2554, and some still say. */
function capabilities(conversation: Conversation, { lines }: Reply): string[] {
  return lines.slice(1).map((line) => {
    const old = /^AUTH=(.*)$/i.exec(line.trim());
    if (!old) return line.trim();
    warn(conversation, 'LenientReply', 'The server offers login as "AUTH=…", the form from before RFC 2554.');
    return `AUTH ${old[1]}`;
  });
}

function clientName(conversation: Conversation, socket: Socket): string {
  const { ehloName } = conversation.target;
  if (ehloName !== undefined) return ehloName;
  const literal = addressLiteral(socket.localAddress ?? '127.0.0.1');
  warn(
    conversation,
    'EhloNameIsAddressLiteral',
    `No fully qualified name is known for EHLO, so ${literal} is used, which some servers refuse: set spec.ehloName.`,
  );
  return literal;
}

/** RFC 5321 section 4.1.3. */
function addressLiteral(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
  return isIPv4(bare) ? `[${bare}]` : `[IPv6:${bare}]`;
}
