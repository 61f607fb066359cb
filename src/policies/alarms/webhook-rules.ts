// Which tokens open a rule's webhook.
import type { NotificationPolicySpec } from '../../api/notification-policy.ts';
import type { SecretKeyRef } from '../../api/references/secret-key-ref.ts';
import { webhookTokens } from '../../api/references/webhook-tokens.ts';
import { type Key, keyText } from '../../api/resource.ts';
import type { PolicySpecs } from '../policy-specs.ts';
import type { HeldText, SecretTexts } from './secret-texts.ts';

/** `POST /v1/alarms/<namespace>/<policy>/<alarm>`. */
export interface WebhookPath {
  readonly namespace: string;
  readonly policy: string;
  readonly alarm: string;
}

export type WebhookRule =
  /** Any of the tokens lets a request in; several while one is replaced. */
  | { readonly kind: 'rule'; readonly tokens: readonly string[] }
  /** The rule is there and its token is not: a sentence that names the Secret. */
  | { readonly kind: 'tokenMissing'; readonly message: string }
  | { readonly kind: 'unknown' }
  /**
   * Nobody can tell now whether there is one (policies are not listed yet, no API server answers): the sender has to try
   * again. Alertmanager takes a 401 for the last word.
   */
  | { readonly kind: 'unavailable'; readonly message: string };

/** `anew`: what was sent is none of the tokens that were given before. */
export type WebhookRules = (path: WebhookPath, options?: { readonly anew: boolean }) => Promise<WebhookRule>;

export function createWebhookRules(specs: PolicySpecs, secrets: SecretTexts): WebhookRules {
  return async ({ namespace, policy, alarm }, options) => {
    const key = { namespace, name: policy };
    const spec = specs(key);
    if (spec === 'unreadable') {
      return { kind: 'unavailable', message: `NotificationPolicy "${keyText(key)}" cannot be read at present` };
    }
    // A suspended policy takes alarms all the same: their mails wait.
    const ref = spec === 'gone' ? undefined : webhookSecrets(key, spec).get(alarm);
    return ref ? foundBy(await secrets(ref, options)) : { kind: 'unknown' };
  };
}

function foundBy({ found, replaced }: HeldText): WebhookRule {
  const before = replaced === undefined ? [] : [replaced];
  switch (found.kind) {
    case 'text':
      return { kind: 'rule', tokens: [found.text, ...before] };
    case 'unusable': {
      // Whoever replaces a Secret may delete it first.
      if (replaced !== undefined) return { kind: 'rule', tokens: before };
      const { reason, message } = found.violation;
      return { kind: reason === 'AccessDenied' ? 'unavailable' : 'tokenMissing', message };
    }
    case 'unavailable':
      return found;
  }
}

/** Of the rules that have a webhook, by name. */
export function webhookSecrets(
  { namespace }: Key,
  spec: Pick<NotificationPolicySpec, 'alarms'>,
): ReadonlyMap<string, SecretKeyRef> {
  return new Map(webhookTokens(namespace, spec).map(({ alarm, ref }) => [alarm, ref]));
}
