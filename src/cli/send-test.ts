// `relaykeeper send-test POLICY --to ADDRESS`: makes the mail of a rule from samples and sends it through the policy's
// relays from here, whatever the last probe said of them.

import { randomUUID } from 'node:crypto';
import { keyText } from '../api/resource.ts';
import type { OutboxMessage } from '../mail/outbox/outbox.ts';
import { createDeliveryRelays } from '../policies/delivery-relays.ts';
import { makeMessage } from '../policies/make-message.ts';
import { rulesOf } from '../policies/named-rule.ts';
import { createPolicySpecs } from '../policies/policy-specs.ts';
import type { PolicyScene } from '../policies/read-policy.ts';
import { createRelayBook } from '../policies/relay-book.ts';
import { sampleOrder } from '../policies/sample-order.ts';
import { createTokenSource } from '../smtp/oauth/token-source.ts';
import { systemClock } from '../store/clock.ts';
import type { Store } from '../store/store.ts';
import { hostFqdn } from './host-fqdn.ts';
import { exitCodes, type Io } from './io.ts';
import { ruleNamed } from './named-rule.ts';
import { type PolicySources, policyNamed, withPolicySources } from './policy-sources.ts';
import { recipientOf } from './recipient-of.ts';
import { type SentNow, sendNow, troubleText } from './send-now.ts';
import type { SendTestFlags } from './send-test-command.ts';
import { shutdownSignal } from './shutdown.ts';
import { createToldProblems } from './told-problems.ts';
import { type Failed, usableScene } from './usable-scene.ts';

export async function sendTest(policy: string, flags: SendTestFlags, io: Io): Promise<number> {
  const to = recipientOf(flags);
  const deps = { io, problems: createToldProblems() };
  const sent = await withPolicySources(flags, deps, (sources) => sendThrough(policy, { ...flags, to }, sources));
  return sent.kind === 'failed' ? refuse(sent, flags, io) : tell(sent, flags, io);
}

type Sent = { readonly kind: 'tried'; readonly message: OutboxMessage; readonly result: SentNow } | Failed;

async function sendThrough(name: string, flags: SendTestFlags, sources: PolicySources): Promise<Sent> {
  const { store } = sources;
  const key = policyNamed(sources, name, flags);
  const stored = store.getPolicy(key);
  if (!stored) return { kind: 'failed', message: `NotificationPolicy ${keyText(key)} is gone.` };
  const relays = asIfUnprobed(sources.relays);
  const book = createRelayBook(relays, Date.now);
  const usable = await usableScene(stored, { store, book });
  if (usable.kind === 'failed') return usable;
  const order = orderOf(usable.scene, flags);
  if (order.kind === 'failed') return order;
  const made = await makeMessage(order.order, usable.scene, Date.now());
  if (made.kind === 'invalid') return { kind: 'failed', message: made.problem };
  const settings = {
    statusHeartbeat: 0,
    ehloName: flags.ehloName,
    hostName: await hostFqdn(),
    deniedCidrs: [],
  };
  const specs = createPolicySpecs(store);
  const directory = createDeliveryRelays({ store, relays, settings, clock: systemClock, book, specs });
  const signal = shutdownSignal();
  const tokens = createTokenSource();
  const result = await sendNow(made.message, { directory, tokens, now: Date.now, signal, cut: signal });
  return { kind: 'tried', message: made.message, result };
}

const hour = 3_600_000;

function orderOf(scene: PolicyScene, { rule, to, locale }: SendTestFlags) {
  const [first] = rulesOf(scene.spec);
  const named = rule === undefined ? first : ruleNamed(scene.spec, rule);
  const template = named && scene.templates.get(`${named.fieldPath}.template`);
  if (!named || !template) return { kind: 'failed', message: 'The policy has no rule that mails.' } as const;
  const samples = { key: scene.key, template, senderName: scene.sender.from.name };
  const wish = { to, locale, occasion: randomUUID(), deliverBy: Date.now() + hour };
  const order = sampleOrder(named, samples, wish);
  return { kind: 'order', order } as const;
}

/** An operator passes over a relay that is not Ready; a test finds out whether it is. */
function asIfUnprobed({ list, get, read }: PolicySources['relays']): Pick<Store, 'list' | 'get' | 'read'> {
  return {
    list,
    read,
    get(key) {
      const stored = get(key);
      return stored && { ...stored, status: undefined };
    },
  };
}

function tell({ message, result }: Extract<Sent, { kind: 'tried' }>, flags: SendTestFlags, io: Io): number {
  const { accepted, troubles } = result;
  if (flags.output === 'json') {
    io.stdout.write(
      `${JSON.stringify(
        {
          outcome: accepted ? 'Accepted' : 'Failed',
          to: message.envelope.to,
          subject: message.subject,
          relay: accepted ? keyText(accepted.relay) : null,
          reply: accepted?.reply ?? null,
          troubles: troubles.map(({ relay, ...trouble }) => ({
            relay: keyText(relay),
            ...trouble,
            reply: trouble.reply ?? null,
          })),
        },
        null,
        2,
      )}\n`,
    );
  } else {
    for (const trouble of troubles) io.stderr.write(`${accepted ? 'warning' : 'error'}: ${troubleText(trouble)}\n`);
    if (accepted) {
      io.stdout.write(
        `SmtpRelay ${keyText(accepted.relay)} accepted "${message.subject}" for ${message.envelope.to}: ${accepted.reply}\n`,
      );
    }
  }
  return accepted ? exitCodes.succeeded : exitCodes.failed;
}

function refuse({ message }: Failed, { output }: SendTestFlags, io: Io): number {
  if (output === 'json') io.stdout.write(`${JSON.stringify({ outcome: 'Failed', message }, null, 2)}\n`);
  else io.stderr.write(`error: ${message}\n`);
  return exitCodes.failed;
}
