// What became of an address's messages, by their ids: from the outbox, the delivery history, the last deliveries in the
// statuses, and the ledger.
import type { RecentDelivery } from '../api/notification-policy.ts';
import type { DeliveryOutcome, DeliveryRecord } from '../mail/delivery-history.ts';
import { messageId } from '../mail/identity.ts';
import type { Ledger } from '../mail/ledger.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import { aboutText, type ExplainedMail, type Fate, fateInHistory, fateInOutbox } from './explained-mail.ts';

export interface Fates {
  /** Undefined: it was never made, or so long ago that nobody knows. */
  of(id: string): Fate | undefined;
  /** All that are known to be hers, whatever has become of their rules; the newest fate of each. */
  readonly hers: readonly ExplainedMail[];
}

export interface FateSources {
  readonly address: string;
  /** Those to the address. */
  readonly entries: readonly OutboxEntry[];
  /** Of all addresses: which are hers their ids tell. */
  readonly deliveries: readonly DeliveryRecord[];
  readonly policies: readonly StoredPolicy[];
  readonly ledger: Ledger;
}

export function createFates({ address, entries, deliveries, policies, ledger }: FateSources): Fates {
  const recent = new Map(policies.flatMap(({ status }) => (status?.recentDeliveries ?? []).flatMap(fateInStatus)));
  const hers = new Map<string, ExplainedMail>();
  for (const one of deliveries) {
    if (messageId({ ...one.identity, recipient: address }) === one.id)
      hers.set(one.id, explained(one, fateInHistory(one)));
  }
  for (const entry of entries) hers.set(entry.id, explained(entry, fateInOutbox(entry)));
  return {
    of: (id) => hers.get(id) ?? recent.get(id) ?? (ledger.has(id) ? sentBefore : undefined),
    hers: [...hers.values()],
  };
}

const sentBefore: Fate = {
  time: undefined,
  outcome: 'Sent',
  detail: 'Sent; when, and with what reply, is no longer known.',
};

function explained({ id, identity }: Pick<DeliveryRecord, 'id' | 'identity'>, fate: Fate): ExplainedMail {
  return { id, policy: identity.policy, rule: identity.rule, about: aboutText(identity), ...fate };
}

/** Of what was sent just now, the history may not tell yet. */
function fateInStatus({ time, messageId: header = '', outcome, relay, reason, reply }: RecentDelivery) {
  const [id] = /[0-9a-f]{32}/.exec(header) ?? [];
  const known = outcomes.find((one) => one === outcome);
  if (id === undefined || known === undefined || time === undefined) return [];
  const fate = fateInHistory({ at: Date.parse(time), outcome: known, relay, reason, reply, redirectedTo: undefined });
  return [[id, fate] as const];
}

const outcomes: readonly DeliveryOutcome[] = ['Accepted', 'Refused', 'Dropped'];
