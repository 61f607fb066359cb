// Messages to put into an outbox.
import { type MessageIdentity, messageId } from '../../../src/mail/identity.ts';
import type { OutboxMessage } from '../../../src/mail/outbox/outbox.ts';

export const noon = Date.UTC(2026, 10, 24, 12);
export const password = 'canary-7Jq2vX';

export function message(n: number, changes: Partial<OutboxMessage> = {}): OutboxMessage {
  const identity = identityOf(n);
  return {
    id: messageId(identity),
    identity,
    envelope: { from: 'bounces@example.com', to: identity.recipient },
    raw: Buffer.from(`Subject: Your account ${n}\r\n\r\nWelcome, grüße, ${n}.\r\n\0\xff`, 'latin1'),
    subject: `Your account ${n}`,
    confidential: false,
    deliverBy: noon + 86_400_000,
    acceptedAt: noon,
    seen: `mark-${n}`,
    rememberUntil: undefined,
    ...changes,
  };
}

export function confidential(n: number): OutboxMessage {
  return message(n, { confidential: true, raw: Buffer.from(`Subject: Hello\r\n\r\nPassword: ${password}\r\n`) });
}

export const attempt = {
  at: noon,
  relay: { namespace: 'mail', name: 'corporate' },
  reply: '250 2.0.0 Ok: queued as 4F1',
};

function identityOf(n: number): MessageIdentity {
  return {
    policy: { namespace: 'mail', name: 'guests' },
    ruleKind: 'Credentials',
    rule: 'guest-credentials',
    subject: { namespace: 'mail', name: `guest-${n}` },
    occasion: `mark-${n}`,
    recipient: `guest-${n}@example.com`,
    part: 'Main',
  };
}
