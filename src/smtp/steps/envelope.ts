// Stage Envelope: tries MAIL FROM and RCPT TO for every sender in use, and takes each back with RSET: no mail is sent.
import type { ProbedSender } from '../../api/smtp-relay.ts';
import { brokenOff, type Conversation, failure, offered, warn } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { quoted } from '../scrub.ts';
import type { Connection } from '../wire/connection.ts';
import { type EnvelopeAddress, envelopeAddress } from './mail-address.ts';
import { refused } from './refused.ts';

/** As many as status has room for. */
const mostSenders = 32;

export async function envelope(conversation: Conversation): Promise<Failure | undefined> {
  const { connection, target } = conversation;
  if (!connection) return undefined;
  if (target.recipient === undefined) return incomplete('No recipient is known to try.', 'Set spec.probe.recipient.');
  if (target.senders.length === 0) return incomplete('No sender is known to try.', 'Set spec.sender.address.');
  const senders = target.senders.slice(0, mostSenders);
  if (senders.length < target.senders.length) {
    warn(
      conversation,
      'SendersNotAllTried',
      `Only the first ${mostSenders} of ${target.senders.length} senders were tried.`,
    );
  }
  const failures: Failure[] = [];
  for (const sender of senders) {
    const failed = await offerMail(conversation, { connection, sender, recipient: target.recipient });
    conversation.senders.push(probedSender(conversation, sender, failed));
    if (failed) failures.push(failed);
    if (failed && endsAll(failed)) break;
    const reset = await connection.command('RSET');
    if (reset.kind === 'broken') return failures[0] ?? brokenOff('Envelope', reset, 'the reply to RSET');
  }
  return together(failures, senders.length);
}

export interface Offer {
  readonly connection: Connection;
  readonly sender: string;
  readonly recipient: string;
  /** Octets of the message, where one is to follow (RFC 1870). */
  readonly size?: number;
}

/** MAIL FROM and RCPT TO; the transaction is left open where both were accepted. */
export async function offerMail(conversation: Conversation, offer: Offer): Promise<Failure | undefined> {
  const { connection, sender, recipient } = offer;
  const from = envelopeAddress(sender);
  const to = envelopeAddress(recipient);
  if (from.kind === 'invalid') return incomplete(`The sender ${from.what}.`, 'Correct spec.sender.');
  if (to.kind === 'invalid') return incomplete(`The recipient ${to.what}.`, 'Correct spec.probe.recipient.');
  const utf8 = from.needsUtf8 || to.needsUtf8;
  if (utf8 && offered(conversation, 'SMTPUTF8') === undefined) return noUtf8(from);
  const parameters = [utf8 ? ' SMTPUTF8' : '', sizeParameter(conversation, offer)].join('');

  const toMail = await connection.command(`MAIL FROM:<${from.path}>${parameters}`);
  if (toMail.kind === 'broken') return brokenOff('Envelope', toMail, 'the reply to MAIL FROM');
  if (toMail.reply.code !== 250) {
    const command = 'MAIL FROM';
    return refused(conversation, {
      stage: 'Envelope',
      during: 'mail',
      reply: toMail.reply,
      command,
      expected: 250,
      address: sender,
    });
  }
  const toRcpt = await connection.command(`RCPT TO:<${to.path}>`);
  if (toRcpt.kind === 'broken') return brokenOff('Envelope', toRcpt, 'the reply to RCPT TO');
  // 251: the server forwards (RFC 5321 section 3.4); 252: it takes the mail and tries (section 3.5.3).
  if ([250, 251, 252].includes(toRcpt.reply.code)) return undefined;
  const command = 'RCPT TO';
  return refused(conversation, {
    stage: 'Envelope',
    during: 'rcpt',
    reply: toRcpt.reply,
    command,
    expected: 250,
    address: recipient,
  });
}

function sizeParameter(conversation: Conversation, { size }: Offer): string {
  return size !== undefined && offered(conversation, 'SIZE') !== undefined ? ` SIZE=${size}` : '';
}

function noUtf8({ needsUtf8 }: Extract<EnvelopeAddress, { kind: 'usable' }>): Failure {
  const whose = needsUtf8 ? 'sender' : 'recipient';
  const what = `The ${whose}'s address has characters outside ASCII before the @, and the server does not offer SMTPUTF8.`;
  return failure(
    'Envelope',
    needsUtf8 ? 'SenderRejected' : 'RecipientRejected',
    what,
    `Use a ${whose} address of ASCII characters, or a server that offers SMTPUTF8.`,
  );
}

function incomplete(what: string, remedy: string): Failure {
  return failure('Envelope', 'CombinationInvalid', what, remedy);
}

/** After 421, or when the connection is gone, there is nothing more to ask. */
function endsAll({ reply, reason }: Failure): boolean {
  return reply === undefined
    ? ['ConnectionClosed', 'ConnectionReset', 'ReplyTimedOut', 'ProtocolError'].includes(reason)
    : reply.code === 421;
}

function probedSender(conversation: Conversation, address: string, failed: Failure | undefined): ProbedSender {
  if (!failed) return { address, outcome: 'Succeeded' };
  return {
    address,
    outcome: 'Failed',
    reason: failed.reason,
    ...(failed.reply ? { reply: quoted(conversation, failed.reply, 256) } : {}),
  };
}

/** All senders were tried; the first failure stands for them, and says how many failed. */
function together(failures: readonly Failure[], tried: number): Failure | undefined {
  const [first] = failures;
  if (!first || failures.length === 1) return first;
  return { ...first, what: `${first.what} (${failures.length} of ${tried} senders failed: see senders.)` };
}
