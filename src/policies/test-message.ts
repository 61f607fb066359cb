// The message that an administrator asks for: the first rule's mail with sample data, through the policy's relay.

import { timestamp } from '../api/conditions.ts';
import { parseAddress } from '../api/mail-address.ts';
import { testRequestedAnnotation } from '../api/notification-policy.ts';
import { dayMilliseconds } from '../api/zone-clock.ts';
import { variablesOf } from '../mail/builtin/builtin-template.ts';
import { type MessageIdentity, messageId } from '../mail/identity.ts';
import { sampleData } from '../mail/template/variable-table.ts';
import { acceptOrders } from './accept-orders.ts';
import type { MailOrder } from './make-message.ts';
import type { PolicyDeps } from './policy-deps.ts';
import type { PolicyMemory } from './policy-memory.ts';
import type { PolicyScene } from './read-policy.ts';
import { templateKind } from './rule-templates.ts';

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
  const [credentials] = spec.credentials ?? [];
  const rule = credentials ?? spec.reminders?.[0];
  const template = templates.get(`spec.${credentials ? 'credentials' : 'reminders'}[0].template`);
  if (!rule || !template) return undefined;
  const kind = templateKind(rule);
  const identity: MessageIdentity = {
    policy: key,
    ruleKind: 'Test',
    rule: rule.name,
    subject: key,
    occasion: token,
    recipient,
    part: 'Main',
  };
  return {
    id: messageId(identity),
    identity,
    kind,
    template,
    data: { ...sampleData(variablesOf[kind]), senderName: sender.from.name ?? null },
    locale: undefined,
    timeZone: 'UTC',
    // What it shows as a password is the same sample for everybody.
    confidential: false,
    secrets: [],
    seen: '',
    deliverBy: now + patience,
    rememberUntil: now + 30 * dayMilliseconds,
  };
}
