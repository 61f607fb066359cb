// Sends one message through the first relay of its policy that can be talked to, as delivery would, and keeps what went
// wrong on the way there, with what to do about it.
import { reasons } from '../api/reasons.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { DeliveryRelay, RelayDirectory } from '../mail/delivery/relay-directory.ts';
import { relayUnfit } from '../mail/delivery/relay-unfit.ts';
import { entryOf, factsOf, firstProgress } from '../mail/outbox/entry-text.ts';
import type { OutboxMessage } from '../mail/outbox/outbox.ts';
import type { Failure } from '../smtp/failure.ts';
import { replyText } from '../smtp/reply.ts';
import { openSession, type SessionDeps } from '../smtp/session/open-session.ts';
import type { RecipientResult, SendResult, Session } from '../smtp/session/session.ts';

export interface Trouble {
  readonly relay: Key;
  readonly reason: string;
  /** What happened, then what to do about it. */
  readonly message: string;
  readonly reply: string | undefined;
}

export interface SentNow {
  /** The relay that took it, and its reply. */
  readonly accepted: { readonly relay: Key; readonly reply: string } | undefined;
  readonly troubles: readonly Trouble[];
}

export interface SendDeps extends SessionDeps {
  readonly directory: RelayDirectory;
}

export async function sendNow(message: OutboxMessage, deps: SendDeps): Promise<SentNow> {
  const entry = entryOf(factsOf(message), firstProgress(message));
  const troubles: Trouble[] = [];
  for (const key of deps.directory.relaysFor(entry)) {
    const found = await deps.directory.lookUp(key, entry);
    if (found.kind === 'unusable') {
      troubles.push({ relay: key, reason: found.reason, message: found.message, reply: undefined });
      continue;
    }
    const unfit = relayUnfit(entry, found.relay);
    if (unfit) {
      const why = unfit.kind === 'heldBack' ? unfit.message : forbidden(unfit.reason);
      troubles.push({ relay: key, reason: unfit.reason, message: why, reply: undefined });
      continue;
    }
    const tried = await through(found.relay, message, deps);
    if (tried.kind === 'accepted') return { accepted: { relay: key, reply: tried.reply }, troubles };
    troubles.push(troubleOf(key, tried.failure));
    // After a reply to MAIL, RCPT or DATA another relay would say no better.
    if (!tried.untouched) break;
  }
  return { accepted: undefined, troubles };
}

type Tried =
  | { readonly kind: 'accepted'; readonly reply: string }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly untouched: boolean };

async function through(relay: DeliveryRelay, message: OutboxMessage, deps: SendDeps): Promise<Tried> {
  const opened = await openSession(relay.target, deps);
  if (opened.kind === 'failed') return { kind: 'failed', failure: opened.failure, untouched: true };
  const sent =
    message.confidential && opened.session.link !== 'verified'
      ? ({ kind: 'failed', failure: notVerified, untouched: true } as const)
      : await send(opened.session, relay, message);
  await opened.session.close();
  return sent;
}

async function send(session: Session, relay: DeliveryRelay, { id, envelope, raw }: OutboxMessage): Promise<Tried> {
  const signed = relay.sign ? await relay.sign(raw) : ({ kind: 'signed', raw } as const);
  const bytes = signed.kind === 'signed' ? signed.raw : raw;
  const headers = bytes.subarray(0, Math.max(0, bytes.indexOf('\r\n\r\n')));
  const result: SendResult = await session.send({
    from: envelope.from,
    recipients: [envelope.to],
    raw: bytes,
    smtpUtf8: headers.some((byte) => byte > 0x7f),
    envelopeId: id,
  });
  return triedOf(result.recipients[0], result.untouched);
}

function triedOf(result: RecipientResult | undefined, untouched: boolean): Tried {
  if (result?.outcome === 'accepted') return { kind: 'accepted', reply: replyText(result.reply) };
  const failure = result?.failure ?? noRecipient;
  return { kind: 'failed', failure, untouched };
}

const notVerified: Failure = {
  stage: 'Tls',
  reason: 'EncryptionRequired',
  what: 'The mails of the rule hold a password, and the connection is not encrypted and verified.',
  remedy: undefined,
  reply: undefined,
};

const noRecipient: Failure = {
  stage: 'Envelope',
  reason: 'ProtocolError',
  what: 'The message had no recipient.',
  remedy: undefined,
  reply: undefined,
};

function troubleOf(relay: Key, { reason, what, remedy, reply }: Failure): Trouble {
  const cause = what.trim();
  const message = `${cause}${/[.!?…]$/.test(cause) ? '' : '.'} ${remedy ?? reasons[reason].remedy}`;
  return { relay, reason, message, reply: reply && replyText(reply) };
}

function forbidden(reason: string): string {
  return reason === 'RecipientNotAllowed'
    ? 'The recipient is not in a domain that the relay sends to. Give another --to, or add the domain to its spec.allowedRecipientDomains.'
    : 'The recipient is no address that a server takes.';
}

/** For one line. */
export function troubleText({ relay, reason, message }: Trouble): string {
  return `SmtpRelay ${keyText(relay)}: ${reason}: ${message}`;
}
