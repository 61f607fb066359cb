// The message that an administrator asks for: the first rule's mail with sample data, through the policy's relay.

import { timestamp } from '../api/conditions.ts';
import { parseAddress } from '../api/mail-address.ts';
import { testRequestedAnnotation } from '../api/notification-policy.ts';
import { dayMilliseconds } from '../api/zone-clock.ts';
import { acceptOrders } from './accept-orders.ts';
import type { MailOrder } from './make-message.ts';
import { rulesOf } from './named-rule.ts';
import type { PolicyDeps } from './policy-deps.ts';
import type { PolicyMemory } from './policy-memory.ts';
import type { PolicyScene } from './read-policy.ts';
import { sampleOrder } from './sample-order.ts';

/** So long it is worth waiting for. */
const patience = 600_000;

/** Once for each token. False: it has to be tried again soon. */
export async function sendTestMessage(scene: PolicyScene, memory: PolicyMemory, deps: PolicyDeps): Promise<boolean> {
  const { metadata, status } = scene.stored;
  const [token = '', address = ''] = (metadata.annotations?.[testRequestedAnnotation] ?? '').trim().split(/\s+/);
  if (token === '' || status?.lastTest?.token === token.slice(0, 256)) return true;
  const now = deps.clock.now();
  const refuse = (reply: string) => {
    memory.tally.tested({ token: token.slice(0, 256), to: address, outcome: 'Refused', reply, time: timestamp(now) });
    return true;
  };
  const parsed = parseAddress(address);
  if (parsed.kind === 'invalid') return refuse(`${testRequestedAnnotation} is "TOKEN ADDRESS": ${parsed.message}`);
  const order = testOrder(scene, { token: token.slice(0, 256), recipient: parsed.text, now });
  if (!order) return refuse('The policy has no rule whose mail could be sent.');
  const result = await acceptOrders([order], scene, deps);
  if (result.kind === 'stopped') return false;
  const [problem] = result.problems;
  return problem === undefined ? true : refuse(problem);
}

interface Wanted {
  readonly token: string;
  readonly recipient: string;
  readonly now: number;
}

function testOrder(
  { spec, key, templates, sender }: PolicyScene,
  { token, recipient, now }: Wanted,
): MailOrder | undefined {
  const [first] = rulesOf(spec);
  const template = first && templates.get(`${first.fieldPath}.template`);
  if (!first || !template) return undefined;
  return sampleOrder(
    first,
    { key, template, senderName: sender.from.name },
    { to: recipient, occasion: token, deliverBy: now + patience, rememberUntil: now + 30 * dayMilliseconds },
  );
}
