// What is to be said for one message to one server: MAIL and RCPT with the parameters of the extensions that it offers,
// or why a recipient or the whole message cannot go through it. Decides before anything is sent.

import type { Conversation } from '../conversation.ts';
import { failure, offered } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { envelopeAddress } from '../steps/mail-address.ts';
import type { BodyFacts } from './message-body.ts';
import type { SessionMessage } from './session.ts';

export type PlannedRecipient =
  | { readonly to: string; readonly kind: 'ask'; readonly command: string }
  | { readonly to: string; readonly kind: 'refused'; readonly failure: Failure };

export type EnvelopePlan =
  | { readonly kind: 'refused'; readonly failure: Failure }
  | {
      readonly kind: 'ask';
      readonly sender: string;
      readonly mail: string;
      readonly recipients: readonly PlannedRecipient[];
    };

export function planEnvelope(conversation: Conversation, message: SessionMessage, body: BodyFacts): EnvelopePlan {
  const has = (keyword: string) => offered(conversation, keyword) !== undefined;
  const from = senderPath(message.from);
  if (from.kind === 'invalid')
    return refused(
      failure('Envelope', 'CombinationInvalid', `The sender ${from.what}.`, 'Correct spec.from or spec.sender.'),
    );
  const unfit = bodyUnfit(conversation, body) ?? utf8Missing(has('SMTPUTF8'), from.needsUtf8, message.smtpUtf8);
  if (unfit) return refused(unfit);
  const recipients = message.recipients.map((to) => planRecipient(to, { utf8: has('SMTPUTF8'), dsn: has('DSN') }));
  const utf8 = message.smtpUtf8 || from.needsUtf8 || recipients.some(({ kind, to }) => kind === 'ask' && !isAscii(to));
  const parameters = [
    has('SIZE') ? `SIZE=${body.size}` : '',
    body.eightBit && has('8BITMIME') ? 'BODY=8BITMIME' : '',
    utf8 ? 'SMTPUTF8' : '',
    // RFC 3461: never the body back, it may hold a password.
    has('DSN') ? 'RET=HDRS' : '',
    has('DSN') && message.envelopeId ? `ENVID=${xtext(message.envelopeId)}` : '',
  ].filter((parameter) => parameter !== '');
  return { kind: 'ask', sender: message.from, mail: [`MAIL FROM:<${from.path}>`, ...parameters].join(' '), recipients };
}

function refused(why: Failure): EnvelopePlan {
  return { kind: 'refused', failure: why };
}

function senderPath(from: string): ReturnType<typeof envelopeAddress> {
  return from === '' ? { kind: 'usable', path: '', needsUtf8: false } : envelopeAddress(from);
}

function planRecipient(to: string, { utf8, dsn }: { utf8: boolean; dsn: boolean }): PlannedRecipient {
  const address = envelopeAddress(to);
  if (address.kind === 'invalid') {
    const remedy = 'Correct the address where it is declared.';
    return {
      to,
      kind: 'refused',
      failure: failure('Envelope', 'RecipientRejected', `The recipient ${address.what}.`, remedy),
    };
  }
  if (address.needsUtf8 && !utf8) return { to, kind: 'refused', failure: noUtf8('The recipient', 'RecipientRejected') };
  return { to, kind: 'ask', command: `RCPT TO:<${address.path}>${dsn ? ' NOTIFY=FAILURE,DELAY' : ''}` };
}

function utf8Missing(offersUtf8: boolean, inSender: boolean, inHeader: boolean): Failure | undefined {
  if (offersUtf8) return undefined;
  if (inSender) return noUtf8('The sender', 'SenderRejected');
  return inHeader ? noUtf8('The header of the message', 'ContentRejected') : undefined;
}

function noUtf8(whose: string, reason: Failure['reason']): Failure {
  const what = `${whose} has characters outside ASCII that need SMTPUTF8, and the server does not offer it.`;
  return failure(
    'Envelope',
    reason,
    what,
    'Use an address of ASCII characters before the @, or a server that offers SMTPUTF8.',
  );
}

/** RFC 5321 section 4.5.3.1.6, without the line's end. */
const longestLine = 998;

function bodyUnfit(
  conversation: Conversation,
  { size, eightBit, hasNul, longestLine: longest }: BodyFacts,
): Failure | undefined {
  const most = Number(offered(conversation, 'SIZE')?.[0] ?? 0);
  if (most > 0 && size > most) {
    return failure(
      'Envelope',
      'MessageTooLarge',
      `The message has ${size} bytes, and the server takes ${most} at most.`,
    );
  }
  if (eightBit && offered(conversation, '8BITMIME') === undefined) {
    return content('The message has bytes outside ASCII, and the server does not offer 8BITMIME.');
  }
  if (hasNul) return content('The message has a NUL byte, which no mail may have.');
  return longest > longestLine
    ? content(`The message has a line of ${longest} bytes; SMTP carries ${longestLine} at most.`)
    : undefined;
}

function content(what: string): Failure {
  return failure('Data', 'ContentRejected', what, 'Encode the message as quoted-printable or base64.');
}

/** RFC 3461 section 4. */
function xtext(text: string): string {
  return [...Buffer.from(text.slice(0, 100), 'utf8')]
    .map((byte) => {
      const plain = byte >= 0x21 && byte <= 0x7e && byte !== 0x2b && byte !== 0x3d;
      return plain ? String.fromCharCode(byte) : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text.slice(0, text.lastIndexOf('@')));
}
