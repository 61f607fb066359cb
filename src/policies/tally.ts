// What became of messages since the status was last written.
import { timestamp } from '../api/conditions.ts';
import { maskAddress } from '../api/mail-address.ts';
import type { NotificationPolicyStatus, RecentDelivery } from '../api/notification-policy.ts';
import { keyText } from '../api/resource.ts';
import type { Settled } from '../mail/delivery/deliverer.ts';
import { ruleId } from '../mail/identity.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import { type DroppedMails, droppedByHand } from './drop-event.ts';
import { maskedReply } from './masked-reply.ts';
import { createRefusalNews } from './refusal-news.ts';

export interface RuleCount {
  readonly sent: number;
  readonly failed: number;
}

type LastTest = NonNullable<NotificationPolicyStatus['lastTest']>;

export interface TallyTaken {
  readonly counts: ReadonlyMap<string, RuleCount>;
  /** The newest first. */
  readonly deliveries: readonly RecentDelivery[];
  readonly lastTest: LastTest | undefined;
  /** Events to be: drops and refusals. */
  readonly drops: readonly DroppedMails[];
  /** The last try of all, where the message is to be tried again. */
  readonly deferred: Deferred | undefined;
}

export type Deferred = Pick<RecentDelivery, 'relay' | 'reply' | 'reason'>;

export interface Tally {
  settled(event: Settled, now: number): void;
  /** By a person, with what they said. */
  dropped(entry: OutboxEntry, said: string, now: number): void;
  tested(test: LastTest): void;
  /** Whether there is something to write. */
  readonly isEmpty: boolean;
  /** All of it, which is then no longer here. */
  take(): TallyTaken;
  /** What could not be written. */
  giveBack(taken: TallyTaken): void;
}

const kept = 10;
/** Each becomes an Event. */
const mostDrops = 20;

export function createTally(): Tally {
  let counts = new Map<string, RuleCount>();
  let deliveries: RecentDelivery[] = [];
  let lastTest: LastTest | undefined;
  let drops: DroppedMails[] = [];
  let deferred: Deferred | undefined;
  const refusalNews = createRefusalNews();

  function addDrop(drop: DroppedMails): void {
    const same = drops.findIndex((one) => drop.said === undefined && isLike(one, drop));
    const before = drops[same];
    if (before) drops[same] = { ...before, count: before.count + drop.count };
    else drops = [...drops, drop].slice(-mostDrops);
  }

  function add(id: string, { sent, failed }: RuleCount): void {
    const before = counts.get(id) ?? { sent: 0, failed: 0 };
    counts.set(id, { sent: before.sent + sent, failed: before.failed + failed });
  }

  return {
    settled(event, now) {
      const { identity } = event.entry;
      const test = testOf(event, now);
      if (test) {
        lastTest = test;
        return;
      }
      if (event.settlement.kind === 'retry') {
        deferred = deferredOf(event) ?? deferred;
        return;
      }
      if (event.settlement.kind !== 'dropped') deferred = undefined;
      const accepted = event.settlement.kind === 'accepted';
      add(ruleId(identity.ruleKind, identity.rule), { sent: accepted ? 1 : 0, failed: accepted ? 0 : 1 });
      deliveries = [deliveryOf(event, now), ...deliveries].slice(0, kept);
      const { settlement, entry } = event;
      const refused = refusalNews(event, now);
      if (refused) addDrop(refused);
      if (settlement.kind === 'dropped') addDrop({ entry, count: 1, reason: settlement.reason, said: undefined });
    },
    dropped(entry, said, now) {
      const { ruleKind, rule } = entry.identity;
      // One that is dead was counted when it died.
      if (entry.state !== 'Dead' && ruleKind !== 'Test') add(ruleId(ruleKind, rule), { sent: 0, failed: 1 });
      deliveries = [dropOf(entry, said, now), ...deliveries].slice(0, kept);
      addDrop({ entry, count: 1, reason: droppedByHand, said });
    },
    tested(test) {
      lastTest = test;
    },
    get isEmpty() {
      return counts.size === 0 && deliveries.length === 0 && lastTest === undefined;
    },
    take() {
      const taken = { counts, deliveries, lastTest, drops, deferred };
      counts = new Map();
      deliveries = [];
      lastTest = undefined;
      drops = [];
      deferred = undefined;
      return taken;
    },
    giveBack(taken) {
      for (const [id, count] of taken.counts) add(id, count);
      deliveries = [...deliveries, ...taken.deliveries].slice(0, kept);
      lastTest ??= taken.lastTest;
      deferred ??= deliveries.length === taken.deliveries.length ? taken.deferred : undefined;
      for (const drop of taken.drops) addDrop(drop);
    },
  };
}

function isLike({ entry, reason }: DroppedMails, other: DroppedMails): boolean {
  const { ruleKind, rule } = entry.identity;
  return reason === other.reason && ruleKind === other.entry.identity.ruleKind && rule === other.entry.identity.rule;
}

function deliveryOf({ entry, messageId, settlement, relay, reason }: Settled, now: number): RecentDelivery {
  const attempt = 'attempt' in settlement ? settlement.attempt : undefined;
  return {
    time: timestamp(attempt?.at ?? now),
    rule: entry.identity.rule,
    messageId: messageId ?? entry.id,
    to: maskAddress(entry.envelope.to),
    outcome: outcomes[settlement.kind],
    ...(relay && { relay: keyText(relay) }),
    ...(reason !== undefined && { reason }),
    ...(attempt && { reply: maskedReply(attempt.reply, entry) }),
  };
}

/** Given back untried, nothing is known that was not known before. */
function deferredOf({ entry, settlement, relay, reason }: Settled): Deferred | undefined {
  const attempt = 'attempt' in settlement ? settlement.attempt : undefined;
  if (!attempt) return undefined;
  return {
    ...(relay && { relay: keyText(relay) }),
    ...(reason !== undefined && { reason }),
    reply: maskedReply(attempt.reply, entry),
  };
}

/** The body may be gone, and with it the Message-ID's domain. */
function dropOf(entry: OutboxEntry, said: string, now: number): RecentDelivery {
  return {
    time: timestamp(now),
    rule: entry.identity.rule,
    messageId: entry.id,
    to: maskAddress(entry.envelope.to),
    outcome: outcomes.dropped,
    reason: droppedByHand,
    ...(said !== '' && { reply: said }),
  };
}

const outcomes = { accepted: 'Accepted', dead: 'Refused', dropped: 'Dropped', retry: 'Waiting' } as const;

function testOf({ entry, settlement, relay, reason }: Settled, now: number): LastTest | undefined {
  if (entry.identity.ruleKind !== 'Test') return undefined;
  const attempt = 'attempt' in settlement ? settlement.attempt : undefined;
  // Given back untried: nothing is known that was not known before.
  if (settlement.kind === 'retry' && !attempt) return undefined;
  const reply = attempt?.reply ?? reason;
  return {
    token: entry.identity.occasion,
    to: entry.identity.recipient,
    outcome: outcomes[settlement.kind],
    ...(relay && { relay: keyText(relay) }),
    ...(reply !== undefined && { reply: maskedReply(reply, entry) }),
    time: timestamp(attempt?.at ?? now),
  };
}
