// Which tokens open a rule's webhook: read from its Secret and held for seconds, so that a storm reads it once and a new
// token is taken soon.
import type { AlarmRule, NotificationPolicySpec } from '../../api/notification-policy.ts';
import type { Clock } from '../../store/clock.ts';
import type { Store } from '../../store/store.ts';
import type { PolicySpecs } from '../policy-specs.ts';
import { type SecretText, secretText } from './secret-text.ts';

/** The last parts of `POST /v1/alarms/<namespace>/<policy>/<alarm>`. */
export interface WebhookRulePath {
  readonly namespace: string;
  readonly policy: string;
  readonly alarm: string;
}

export type WebhookRuleFound =
  /** Any of the tokens lets a request in. */
  | { readonly kind: 'rule'; readonly tokens: readonly string[] }
  /** The rule is there and its token is not: a sentence that names the Secret. */
  | { readonly kind: 'tokenMissing'; readonly message: string }
  | { readonly kind: 'unknown' };

export type WebhookRules = (path: WebhookRulePath) => Promise<WebhookRuleFound>;

export interface WebhookRulesDeps {
  readonly specs: PolicySpecs;
  readonly relays: Pick<Store, 'read'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Milliseconds for which a token that was replaced may still be taken. */
const holds = 10_000;

export function createWebhookRules({ specs, relays, clock }: WebhookRulesDeps): WebhookRules {
  const held = new Map<string, { readonly read: Promise<SecretText>; readonly until: number }>();

  function read(namespace: string, { name, key }: TokenRef): Promise<SecretText> {
    const id = JSON.stringify([namespace, name, key]);
    const now = clock.monotonic();
    const known = held.get(id);
    if (known && now < known.until) return known.read;
    for (const [old, { until }] of held) if (until <= now) held.delete(old);
    const fresh = secretText({ namespace, name, key, fieldPath: tokenField }, relays);
    held.set(id, { read: fresh, until: now + holds });
    return fresh;
  }

  return async ({ namespace, policy, alarm }) => {
    const webhook = webhookOf(specs({ namespace, name: policy }), alarm);
    if (!webhook) return { kind: 'unknown' };
    const found = await read(namespace, webhook.tokenSecretRef);
    if (found.kind === 'text') return { kind: 'rule', tokens: [found.text] };
    return { kind: 'tokenMissing', message: found.kind === 'unusable' ? found.violation.message : found.message };
  };
}

type Webhook = NonNullable<AlarmRule['sources']['webhook']>;
type TokenRef = Webhook['tokenSecretRef'];

const tokenField = 'sources.webhook.tokenSecretRef';

/** A suspended policy takes alarms all the same: their mails wait. */
function webhookOf(spec: NotificationPolicySpec | 'gone' | 'unreadable', alarm: string): Webhook | undefined {
  if (spec === 'gone' || spec === 'unreadable') return undefined;
  return spec.alarms?.find(({ name }) => name === alarm)?.sources.webhook;
}
