// Which tokens open a rule's webhook.
import type { NotificationPolicySpec } from '../../api/notification-policy.ts';
import { type Key, keyText } from '../../api/resource.ts';
import type { PolicySpecs } from '../policy-specs.ts';
import type { SecretTextRef } from './secret-text.ts';
import type { HeldText, SecretTexts } from './secret-texts.ts';

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
  | { readonly kind: 'unknown' }
  /** It cannot be told now, which is no reason to turn a sender away for good: a sentence. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** `anew`: what was sent is none of the tokens that were given before. */
export type WebhookRules = (path: WebhookRulePath, options?: { readonly anew: boolean }) => Promise<WebhookRuleFound>;

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

function foundBy({ found, replaced }: HeldText): WebhookRuleFound {
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
  { alarms = [] }: Pick<NotificationPolicySpec, 'alarms'>,
): ReadonlyMap<string, SecretTextRef> {
  return new Map(
    alarms.flatMap(({ name, sources: { webhook } }, index) =>
      webhook
        ? [
            [
              name,
              {
                namespace,
                ...webhook.tokenSecretRef,
                fieldPath: `spec.alarms[${index}].sources.webhook.tokenSecretRef`,
              },
            ],
          ]
        : [],
    ),
  );
}
