// Makes a message complete, so that a retry sends the same bytes: rendered, composed, addressed.

import { domainAllowed, maskAddress, parseAddress } from '../api/mail-address.ts';
import type { MailKind } from '../mail/builtin/builtin-template.ts';
import { composeMessage } from '../mail/compose/compose-message.ts';
import type { MailThread } from '../mail/compose/thread-headers.ts';
import type { MessageIdentity } from '../mail/identity.ts';
import type { OutboxMessage } from '../mail/outbox/outbox.ts';
import { render } from '../mail/template/render-template.ts';
import type { TemplateData } from '../mail/template/variable-table.ts';
import type { PolicyScene } from './read-policy.ts';
import type { TemplateFor } from './rule-templates.ts';

export interface MailOrder {
  readonly id: string;
  readonly identity: MessageIdentity;
  readonly kind: MailKind;
  readonly template: TemplateFor;
  readonly data: TemplateData;
  readonly locale: string | undefined;
  readonly timeZone: string;
  readonly confidential: boolean;
  readonly thread?: MailThread | undefined;
  readonly urgent?: boolean | undefined;
  /** What a sandbox takes out. */
  readonly secrets: readonly string[];
  readonly seen: string;
  readonly deliverBy: number;
  readonly rememberUntil: number | undefined;
  /** As of the message. */
  readonly tells?: OutboxMessage['tells'];
  readonly route?: OutboxMessage['route'];
}

export type MadeMessage =
  | { readonly kind: 'made'; readonly message: OutboxMessage }
  /** A clause about the recipient or the texts. */
  | { readonly kind: 'invalid'; readonly problem: string };

export async function makeMessage(order: MailOrder, scene: PolicyScene, now: number): Promise<MadeMessage> {
  const { identity, kind, locale, timeZone } = order;
  const rendered = render(order.template(kind, locale), order.data, { locale: locale ?? 'en', timeZone });
  if (rendered.kind === 'failed') {
    const { part, place, message } = rendered;
    return { kind: 'invalid', problem: `the ${part}, line ${place.line}, column ${place.column}: ${message}` };
  }
  const { from, replyTo, envelopeFrom } = scene.sender;
  const { redirectTo } = scene;
  const composed = await composeMessage({
    ...rendered,
    subject: identity.ruleKind === 'Test' ? `[Test] ${rendered.subject}` : rendered.subject,
    id: order.id,
    date: now,
    from,
    replyTo,
    to: identity.recipient,
    ruleKind: identity.ruleKind,
    thread: order.thread,
    urgent: order.urgent,
    sandbox: redirectTo ? { redirectTo, secrets: order.secrets } : undefined,
  });
  if (composed.kind === 'invalid') return { kind: 'invalid', problem: composed.message };
  const problem = notAllowed(composed.to, scene);
  if (problem) return { kind: 'invalid', problem };
  const { id, confidential, seen, deliverBy, rememberUntil, tells, route } = order;
  return {
    kind: 'made',
    message: {
      id,
      identity,
      envelope: { from: envelopeFrom, to: composed.to },
      raw: composed.raw,
      subject: composed.subject,
      // A sandbox's mail holds no secret any more.
      confidential: confidential && !redirectTo,
      deliverBy,
      acceptedAt: now,
      seen,
      rememberUntil,
      ...(tells && { tells }),
      ...(route && { route }),
    },
  };
}

/** By the relay that it leaves through; delivery asks again. */
function notAllowed(to: string, { relays: [first] }: PolicyScene): string | undefined {
  const address = parseAddress(to);
  const allowed = first?.relay.spec.allowedRecipientDomains;
  if (address.kind === 'address' && domainAllowed(address, allowed)) return undefined;
  return `${maskAddress(to)} is not in a domain that the relay sends to (its spec.allowedRecipientDomains)`;
}
