// What became of messages, by their ids: from the outbox, the last deliveries in the statuses, and the ledger.
import type { RecentDelivery } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { Ledger } from '../mail/ledger.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import { type ExplainedMail, type Fate, fateInOutbox, type Outcome } from './explained-mail.ts';

export interface Fates {
  /** Undefined: it was never made, or dropped so long ago that nobody knows. */
  of(id: string): Fate | undefined;
  readonly waiting: readonly ExplainedMail[];
  /** Of the statuses; a masked recipient may be someone else. */
  readonly delivered: readonly DeliveredMail[];
}

export interface DeliveredMail extends ExplainedMail {
  /** Masked. */
  readonly to: string;
}

export interface FateSources {
  readonly entries: readonly OutboxEntry[];
  readonly policies: readonly StoredPolicy[];
  readonly ledger: Ledger;
}

export function createFates({ entries, policies, ledger }: FateSources): Fates {
  const waiting = entries.map(explainedEntry);
  const delivered = policies.flatMap((policy) =>
    (policy.status?.recentDeliveries ?? []).map((one) => explainedDelivery(one, policy.metadata)),
  );
  const byId = new Map<string | undefined, Fate>();
  for (const one of [...delivered.toReversed(), ...waiting]) byId.set(one.id, one);
  const sentBefore: Fate = {
    time: undefined,
    outcome: 'Sent',
    detail: 'Sent; when, and with what reply, is no longer known.',
  };
  return { of: (id) => byId.get(id) ?? (ledger.has(id) ? sentBefore : undefined), waiting, delivered };
}

function explainedEntry(entry: OutboxEntry): ExplainedMail {
  const { id, identity } = entry;
  return { id, policy: identity.policy, rule: identity.rule, about: keyText(identity.subject), ...fateInOutbox(entry) };
}

const outcomes: Readonly<Record<string, Outcome>> = { Accepted: 'Sent', Dropped: 'Dropped' };

function explainedDelivery(one: RecentDelivery, { namespace, name }: Key): DeliveredMail {
  const { to = '', time, rule = '', messageId = '', outcome = '', relay, reason, reply } = one;
  const said = [relay, reason, reply].filter((part) => part !== undefined && part !== '').join(': ');
  return {
    time: time === undefined ? undefined : Date.parse(time),
    policy: { namespace, name },
    rule,
    about: '',
    outcome: outcomes[outcome] ?? 'Refused',
    detail: said,
    to,
    id: /[0-9a-f]{32}/.exec(messageId)?.[0],
  };
}
