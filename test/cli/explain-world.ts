// What an operator would have left behind about one account: in its spool, its ledger and a policy's status.
import { join } from 'node:path';
import type { NotificationPolicyStatus, RecentDelivery } from '../../src/api/notification-policy.ts';
import { parsePolicy } from '../../src/api/validate-policy.ts';
import { directoryHistory } from '../../src/cli/directory-mail.ts';
import { credentialsMails } from '../../src/credentials/credentials-mails.ts';
import type { DeliveryRecord } from '../../src/mail/delivery-history.ts';
import { encodeHistory, segmentName } from '../../src/mail/history/history-segment.ts';
import type { OutboxMessage, Settlement } from '../../src/mail/outbox/outbox.ts';
import { systemClock } from '../../src/store/clock.ts';
import { openTestSpool } from '../mail/outbox/open-test-spool.ts';
import { account, createNotificationWorld, credentialsRule, policy, relay } from './notification-world.ts';

const key = { namespace: 'mail', name: 'guests' };
const attempt = (reply: string) => ({ at: Date.now(), relay: { namespace: 'mail', name: 'corporate' }, reply });

export async function createExplainWorld({ spec = {}, rule = {} }: { readonly spec?: object; readonly rule?: object }) {
  const world = await createNotificationWorld();
  world.declare('policy', relay({ host: '127.0.0.1' }), policy({ credentials: [credentialsRule(rule)], ...spec }));
  world.declare('accounts', account('jane'));

  /** As the operator would make it, so that its identity is the very one that `explain` looks for. */
  async function message(name: string): Promise<OutboxMessage> {
    const stop = new AbortController();
    const store = await world.open(stop.signal);
    const parsed = parsePolicy(store.getPolicy(key)?.manifest);
    const found = store.accounts('mail').find((one) => one.kind === 'account' && one.account.name === name);
    stop.abort();
    const [credentials] = parsed.kind === 'valid' ? (parsed.policy.spec.credentials ?? []) : [];
    if (!credentials || found?.kind !== 'account') throw new Error('the world lacks what the test needs');
    const made = credentialsMails({
      account: found.account,
      trigger: 'AccountCreated',
      policy: key,
      rule: credentials,
    });
    const [mail] = made.kind === 'mails' ? made.mails : [];
    if (!mail) throw new Error('no mail would be made');
    const { id, identity } = mail;
    return {
      ...{ id, identity, seen: mail.seen, confidential: mail.confidential, subject: 'Your account' },
      envelope: { from: 'portal@example.com', to: identity.recipient },
      raw: Buffer.from('Subject: Your account\r\n\r\nHello\r\n'),
      deliverBy: Date.now() + 86_400_000,
      acceptedAt: Date.now(),
      rememberUntil: undefined,
    };
  }

  async function settled(name: string, settlement: Settlement): Promise<void> {
    const one = await message(name);
    const { outbox } = await openTestSpool({ directory: world.state, clock: systemClock });
    await outbox.accept(one);
    const [lease] = await outbox.lease({ now: Date.now() + 1_000, limit: 1, leaseFor: 60_000 });
    await lease?.settle(settlement);
    await outbox.close();
  }

  async function status(next: NotificationPolicyStatus): Promise<void> {
    const stop = new AbortController();
    const store = await world.open(stop.signal);
    const stored = store.getPolicy(key);
    const written = stored && (await store.writePolicyStatus(stored, next));
    stop.abort();
    if (written?.kind !== 'written') throw new Error(`the status was not written: ${JSON.stringify(written)}`);
  }

  return {
    ...world,
    status,
    sent: (name: string) => settled(name, { kind: 'accepted', attempt: attempt('250 Ok') }),
    waiting: (name: string, reply: string) =>
      settled(name, { kind: 'retry', notBefore: Date.now() + 60_000, attempt: attempt(reply) }),
    dead: (name: string, reply: string) =>
      settled(name, { kind: 'dead', reason: 'MailboxUnavailable', attempt: attempt(reply) }),
    async delivered(name: string, more: Partial<RecentDelivery>) {
      const { id } = await message(name);
      const delivery = {
        time: new Date().toISOString(),
        rule: 'guest-credentials',
        messageId: id,
        to: 'j***@example.com',
      };
      await status({ ...accountStatus({}), recentDeliveries: [{ ...delivery, relay: 'mail/corporate', ...more }] });
    },
    /** As the operator keeps it of what left the outbox. */
    async kept(name: string, more: Partial<DeliveryRecord>) {
      const { id, identity } = await message(name);
      const { recipient: _, ...others } = identity;
      const facts = { relay: 'mail/corporate', reason: undefined, reply: undefined, redirectedTo: undefined } as const;
      const record = {
        id,
        identity: others,
        at: Date.now() - 3_600_000,
        outcome: 'Accepted',
        ...facts,
        ...more,
      } as const;
      for (const part of encodeHistory([record])) {
        await directoryHistory(world.state).create(segmentName(part, Math.random), part.content);
      }
    },
    async explain(to: string) {
      const { code, stdout } = await world.run('explain', '--to', to, '-o', 'json');
      return { code, mails: JSON.parse(stdout).mails };
    },
    outbox: join(world.state, 'outbox'),
  };
}

type RuleStatusPart = Partial<NonNullable<NotificationPolicyStatus['rules']>[number]>;

export function accountStatus(more: RuleStatusPart): NotificationPolicyStatus {
  const lastTransitionTime = new Date().toISOString();
  return {
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: 'True', reason: 'Running', message: 'fine', lastTransitionTime }],
    rules: [{ kind: 'Credentials', name: 'guest-credentials', ...more }],
  };
}
