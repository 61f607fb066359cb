// What became of messages since the status was last written.
import { timestamp } from '../api/conditions.ts';
import type { NotificationPolicyStatus, RecentDelivery } from '../api/notification-policy.ts';
import { keyText } from '../api/resource.ts';
import { maskAddress } from '../mail/address.ts';
import type { Settled } from '../mail/delivery/deliverer.ts';

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
}

export interface Tally {
  settled(event: Settled, now: number): void;
  tested(test: LastTest): void;
  /** Whether there is something to write. */
  readonly isEmpty: boolean;
  /** All of it, which is then no longer here. */
  take(): TallyTaken;
  /** What could not be written. */
  giveBack(taken: TallyTaken): void;
}

const kept = 10;

export function createTally(): Tally {
  let counts = new Map<string, RuleCount>();
  let deliveries: RecentDelivery[] = [];
  let lastTest: LastTest | undefined;

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
      if (event.settlement.kind === 'retry') return;
      const accepted = event.settlement.kind === 'accepted';
      add(ruleId(identity.ruleKind, identity.rule), { sent: accepted ? 1 : 0, failed: accepted ? 0 : 1 });
      deliveries = [deliveryOf(event, now), ...deliveries].slice(0, kept);
    },
    tested(test) {
      lastTest = test;
    },
    get isEmpty() {
      return counts.size === 0 && lastTest === undefined;
    },
    take() {
      const taken = { counts, deliveries, lastTest };
      counts = new Map();
      deliveries = [];
      lastTest = undefined;
      return taken;
    },
    giveBack(taken) {
      for (const [id, count] of taken.counts) add(id, count);
      deliveries = [...deliveries, ...taken.deliveries].slice(0, kept);
      lastTest ??= taken.lastTest;
    },
  };
}

export function ruleId(kind: string, name: string): string {
  return `${kind}/${name}`;
}

function deliveryOf({ entry, settlement, relay, reason }: Settled, now: number): RecentDelivery {
  const attempt = 'attempt' in settlement ? settlement.attempt : undefined;
  return {
    time: timestamp(attempt?.at ?? now),
    rule: entry.identity.rule,
    messageId: entry.id,
    to: maskAddress(entry.envelope.to),
    outcome: outcomes[settlement.kind],
    ...(relay && { relay: keyText(relay) }),
    ...(reason !== undefined && { reason }),
    ...(attempt && { reply: attempt.reply }),
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
    ...(reply !== undefined && { reply }),
    time: timestamp(attempt?.at ?? now),
  };
}
