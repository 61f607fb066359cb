// What becomes of a message after a try: settled by what the server said of its one recipient, or by why no relay could
// be talked to. Decides only.
import type { Key } from '../../api/resource.ts';
import { replyText } from '../../smtp/reply.ts';
import type { RecipientResult, SendResult } from '../../smtp/session/session.ts';
import type { Attempt, OutboxEntry, Settlement } from '../outbox/outbox.ts';
import { retryTime } from './retry-time.ts';

export interface Delivered {
  readonly settlement: Settlement;
  /** Why it was not accepted: of api/reasons.ts, or why it was dropped. */
  readonly reason?: string;
  readonly relay?: Key;
  /** The connection was lost between the final dot and its reply: a retry may double it. */
  readonly unknown?: true;
}

/** A relay that could not be talked to, or may not have the message. */
export interface Miss {
  readonly relay: Key;
  readonly reason: string;
  readonly message: string;
  /** It may not have it, as it is declared: waiting changes nothing. */
  readonly final?: true;
}

export interface Chance {
  readonly now: () => number;
  readonly random: () => number;
}

export function decideResult(
  { recipients: [result] }: SendResult,
  { entry, relay, now, random }: Chance & { entry: OutboxEntry; relay: Key },
): Delivered {
  if (!result) return { settlement: { kind: 'dead', reason: 'RecipientInvalid', attempt: undefined }, relay };
  const at = now();
  const attempt = { at, relay, reply: replyOf(result) };
  if (result.outcome === 'accepted') return { settlement: { kind: 'accepted', attempt }, relay };
  const { reason } = result.failure;
  if (result.outcome === 'refused') return { settlement: { kind: 'dead', reason, attempt }, reason, relay };
  const { attempts, deliverBy } = entry;
  const settlement = retryOrDead(retryTime({ now: at, random: random(), attempts, deliverBy }), reason, attempt);
  return { settlement, reason, relay, ...(result.outcome === 'unknown' && { unknown: true }) };
}

/** So long a message waits at most for relays that could not be reached: they may be back any time. */
const longestForUnreached = 300_000;

/** The first relay stands for all that may have it: it is the one that should have worked. */
export function decideMissed(
  { acceptedAt, deliverBy }: OutboxEntry,
  misses: readonly Miss[],
  { now, random }: Chance,
): Delivered {
  const first = misses.find(({ final }) => !final);
  const [refused] = misses;
  if (!first && refused) {
    const { reason } = refused;
    return { settlement: { kind: 'dead', reason, attempt: undefined }, reason };
  }
  if (!first) return { settlement: { kind: 'dropped', reason: 'NoRelay' }, reason: 'NoRelay' };
  const at = now();
  const { relay, reason, message } = first;
  const attempts = roundsIn(at - acceptedAt);
  const next = retryTime({ now: at, random: random(), attempts, deliverBy, longest: longestForUnreached });
  const settlement = retryOrDead(next, reason, { at, relay, reply: message });
  return { settlement: settlement.kind === 'retry' ? { ...settlement, unreached: true } : settlement, reason, relay };
}

/** What no relay was asked for is not counted, so that a server's first 'later' is answered soon: its age tells. */
function roundsIn(age: number): number {
  if (age < 120_000) return 0;
  return age < longestForUnreached ? 1 : 2;
}

function retryOrDead(notBefore: number | undefined, reason: string, attempt: Attempt): Settlement {
  return notBefore === undefined ? { kind: 'dead', reason, attempt } : { kind: 'retry', notBefore, attempt };
}

function replyOf(result: RecipientResult): string {
  if (result.outcome === 'accepted') return replyText(result.reply);
  const { reply, what } = result.failure;
  return reply ? replyText(reply) : what;
}
