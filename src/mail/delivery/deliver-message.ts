// Brings one leased message to the first of its relays that takes part: the next one is asked only where the one before
// could not even be talked to, never after it has answered MAIL, RCPT or DATA. What a server answered is kept before its
// connection takes the next message, so that a crash doubles no more messages than there are connections.
import { keyText } from '../../api/resource.ts';
import type { Failure } from '../../smtp/failure.ts';
import type { SendResult, Session } from '../../smtp/session/session.ts';
import type { Lease, OutboxEntry } from '../outbox/outbox.ts';
import type { Lane } from './lane.ts';
import { type Delivered, decideMissed, decideResult, type Miss } from './outcome.ts';
import type { DeliveryRelay, RelayDirectory } from './relay-directory.ts';
import { relayUnfit } from './relay-unfit.ts';

export interface MessageDeps {
  readonly directory: RelayDirectory;
  /** The lane to this relay as it is now. */
  readonly laneTo: (relay: DeliveryRelay) => Lane;
  readonly stillWanted: StillWanted;
  readonly keep: (delivered: Delivered) => Keeping;
  /** Whether a connection may go on while what it sent is written and does not last yet. */
  readonly mayGoAhead: () => boolean;
  readonly now: () => number;
  readonly random: () => number;
}

/** A message is being settled. */
export interface Keeping {
  /** The end of this process undoes it no more, or it is done. */
  readonly written: Promise<void>;
  /** It lasts. */
  readonly done: Promise<void>;
}

/** The second look, right before sending: account gone, renewed or changed. */
export type StillWanted = (entry: OutboxEntry) => Promise<Wanted>;
export type Wanted = { readonly kind: 'yes' } | { readonly kind: 'no'; readonly reason: string };

export interface Delivery {
  readonly lease: Pick<Lease, 'entry' | 'raw' | 'isHeld'>;
  /** Milliseconds since the epoch; afterwards another process may send it. */
  readonly leaseEnds: number;
}

/** Resolves once no connection is taken by it any more. */
export async function deliverMessage(delivery: Delivery, deps: MessageDeps): Promise<Keeping> {
  const delivered = await tryRelays(delivery, deps);
  return 'done' in delivered ? delivered : deps.keep(delivered);
}

async function tryRelays(delivery: Delivery, deps: MessageDeps): Promise<Delivered | Keeping> {
  const { entry } = delivery.lease;
  if (deps.now() > entry.deliverBy) return dropped('TooLate');
  const misses: Miss[] = [];
  for (const key of deps.directory.relaysFor(entry)) {
    const found = await deps.directory.lookUp(key, entry);
    if (found.kind === 'unusable') {
      misses.push({ relay: key, reason: found.reason, message: found.message });
      continue;
    }
    const unfit = relayUnfit(entry, found.relay);
    if (unfit?.kind === 'forbidden') return dead(unfit.reason);
    const tried = unfit ? { relay: key, ...unfit } : await throughRelay(delivery, found.relay, deps);
    if (!('message' in tried)) return tried;
    misses.push(tried);
  }
  return decideMissed(entry, misses, deps);
}

/** Connections that wait may have been closed by the server meanwhile; a fresh one comes after them. */
async function throughRelay(
  delivery: Delivery,
  relay: DeliveryRelay,
  deps: MessageDeps,
): Promise<Delivered | Miss | Keeping> {
  for (;;) {
    const lane = deps.laneTo(relay);
    const taken = await lane.take();
    if (taken.kind === 'busy') return { settlement: { kind: 'retry', notBefore: taken.until, attempt: undefined } };
    if (taken.kind === 'failed') return missed(relay, taken.failure);
    const { session, reused } = taken;
    const hindrance = await hindranceTo(session, { delivery, relay, deps });
    if (hindrance) {
      lane.giveBack(session, 'unused');
      return hindrance;
    }
    const sent = await send(session, { delivery, relay, deps });
    if ('settlement' in sent) {
      lane.giveBack(session, 'unused');
      return sent;
    }
    const failure = failureOf(sent);
    if (!sent.untouched || !failure) {
      const kept = deps.keep(decideResult(sent, { entry: delivery.lease.entry, relay: relay.key, ...deps }));
      await kept.written;
      if (!deps.mayGoAhead()) await kept.done;
      lane.giveBack(session, failure?.reason === 'RateLimited' ? 'slowDown' : 'sent');
      return kept;
    }
    lane.giveBack(session, 'unused');
    if (reused) continue;
    lane.failed(failure);
    return missed(relay, failure);
  }
}

interface Sending {
  readonly delivery: Delivery;
  readonly relay: DeliveryRelay;
  readonly deps: MessageDeps;
}

/** Looked at when all is ready, so that nothing can change between this and MAIL. */
async function hindranceTo(
  session: Session,
  { delivery: { lease }, relay, deps }: Sending,
): Promise<Delivered | Miss | undefined> {
  if (lease.entry.confidential && session.link !== 'verified') {
    return { relay: relay.key, reason: 'EncryptionRequired', message: notVerified(relay) };
  }
  if (deps.now() > lease.entry.deliverBy) return dropped('TooLate');
  const wanted = await deps.stillWanted(lease.entry);
  if (wanted.kind === 'no') return dropped(wanted.reason);
  return lease.isHeld() ? undefined : { settlement: { kind: 'retry', notBefore: deps.now(), attempt: undefined } };
}

async function send(
  session: Session,
  { delivery: { lease, leaseEnds }, relay, deps }: Sending,
): Promise<SendResult | Delivered> {
  const { entry, raw } = lease;
  const signed = relay.sign ? await relay.sign(raw) : ({ kind: 'signed', raw } as const);
  if (signed.kind === 'failed') return decideMissed(entry, [{ relay: relay.key, ...signed }], deps);
  return await session.send(
    {
      from: entry.envelope.from,
      recipients: [entry.envelope.to],
      raw: signed.raw,
      smtpUtf8: hasUtf8Header(signed.raw),
      envelopeId: entry.id,
    },
    { dataBy: dataBy(leaseEnds, relay, deps.now()) },
  );
}

/** Time to settle it once it is answered. */
const margin = 30_000;

/** Until when the server must have asked for the message, or its lease could end before the answer comes. */
function dataBy(leaseEnds: number, { target }: DeliveryRelay, now: number): number {
  return Math.max(now + margin, leaseEnds - target.deliveryTimeouts.dataEnd - margin);
}

/** RFC 6532: a header field outside ASCII makes the message one that needs SMTPUTF8. */
function hasUtf8Header(raw: Buffer): boolean {
  const end = raw.indexOf('\r\n\r\n');
  return raw.subarray(0, end === -1 ? raw.length : end).some((byte) => byte > 0x7f);
}

function failureOf({ recipients: [result] }: SendResult): Failure | undefined {
  return result?.outcome === 'accepted' ? undefined : result?.failure;
}

function missed({ key }: DeliveryRelay, { reason, what }: Failure): Miss {
  return { relay: key, reason, message: what };
}

function notVerified({ key }: DeliveryRelay): string {
  return `Held back: it holds a password, and the connection to relay ${keyText(key)} is not encrypted and verified.`;
}

function dropped(reason: string): Delivered {
  return { settlement: { kind: 'dropped', reason }, reason };
}

function dead(reason: string): Delivered {
  return { settlement: { kind: 'dead', reason, attempt: undefined }, reason };
}
