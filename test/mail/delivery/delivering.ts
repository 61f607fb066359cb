// A deliverer with everything around it, each part as little said as the case at hand allows.
import type { Key } from '../../../src/api/resource.ts';
import {
  createDeliverer,
  type Deliverer,
  type DelivererDeps,
  type Settled,
} from '../../../src/mail/delivery/deliverer.ts';
import type { RelayState } from '../../../src/mail/delivery/lanes.ts';
import type { DeliveryRelay, RelayDirectory } from '../../../src/mail/delivery/relay-directory.ts';
import { messageId } from '../../../src/mail/identity.ts';
import type { OutboxMessage } from '../../../src/mail/outbox/outbox.ts';
import { createLoginGuard } from '../../../src/relays/login-guard.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { makeTarget, noTokens, type Wanted } from '../../smtp/probing.ts';
import { createMemoryOutbox, type MemoryOutbox } from './memory-outbox.ts';

const policy: Key = { namespace: 'mail', name: 'guests' };

let messages = 0;

export function makeMessage(more: Partial<OutboxMessage> = {}): OutboxMessage {
  messages += 1;
  const to = more.envelope?.to ?? `guest-${messages}@example.com`;
  const identity = {
    policy,
    ruleKind: 'Credentials',
    rule: 'guest-credentials',
    subject: { namespace: 'mail', name: `guest-${messages}` },
    occasion: `mark-${messages}`,
    recipient: to,
    part: 'Main',
  } as const;
  return {
    id: messageId(identity),
    identity,
    envelope: { from: 'bounces@example.com', to },
    raw: Buffer.from(`From: portal@example.com\r\nTo: ${to}\r\nSubject: ${messages}\r\n\r\nHello ${messages}.\r\n`),
    subject: String(messages),
    confidential: false,
    deliverBy: Date.now() + 3_600_000,
    acceptedAt: Date.now(),
    seen: '',
    rememberUntil: undefined,
    ...more,
  };
}

export interface RelayWish extends Omit<Partial<DeliveryRelay>, 'target' | 'key'> {
  readonly name?: string;
  readonly target: Wanted;
}

export function makeRelay({ name = 'corporate', target, ...more }: RelayWish): DeliveryRelay {
  return {
    key: { namespace: 'mail', name },
    target: makeTarget(target),
    revision: '1',
    limits: { maxConnections: 5, messagesPerMinute: 0 },
    allowedRecipientDomains: undefined,
    login: undefined,
    editedAt: 0,
    sign: undefined,
    ...more,
  };
}

/** Every policy has these relays, in this order. */
function directoryOf(relays: () => readonly DeliveryRelay[]): RelayDirectory {
  return {
    relaysFor: () => relays().map(({ key }) => key),
    async lookUp(key) {
      const relay = relays().find((one) => one.key.name === key.name);
      return relay ? { kind: 'usable', relay } : { kind: 'unusable', reason: 'RelayNotFound', message: 'gone' };
    },
  };
}

export interface Delivering {
  readonly outbox: MemoryOutbox;
  readonly deliverer: Deliverer;
  readonly settled: readonly Settled[];
  readonly states: readonly RelayState[];
  readonly logged: readonly string[];
  /** Resolves once so many messages are settled for good, and gives the kinds. */
  finished(count: number): Promise<readonly Settled[]>;
}

export function startDelivering(
  relays: readonly DeliveryRelay[] | (() => readonly DeliveryRelay[]),
  more: Partial<DelivererDeps> & { outbox?: MemoryOutbox } = {},
): Delivering {
  const outbox = more.outbox ?? createMemoryOutbox();
  const settled: Settled[] = [];
  const states: RelayState[] = [];
  const logged: string[] = [];
  const log = (fields: object, message: string) => logged.push(`${message} ${JSON.stringify(fields)}`);
  const deliverer = createDeliverer({
    directory: directoryOf(typeof relays === 'function' ? relays : () => relays),
    logins: createLoginGuard(),
    stillWanted: async () => ({ kind: 'yes' }),
    tokens: noTokens,
    clock: systemClock,
    random: () => 0.5,
    log: { info: log, warn: log },
    onSettled: (event) => settled.push(event),
    onRelayState: (state) => states.push(state),
    ...more,
    outbox,
  });
  return {
    outbox,
    deliverer,
    settled,
    states,
    logged,
    async finished(count) {
      const final = () => settled.filter(({ settlement }) => settlement.kind !== 'retry');
      await until(
        () => final().length >= count,
        () => `${count} messages settled: ${JSON.stringify(settled)}`,
      );
      return final();
    },
  };
}

export async function until(holds: () => boolean, what: () => string): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`did not come: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
