// Which tokens open a rule's webhook.
import type { NotificationPolicySpec } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import type { PolicySpecs } from '../policy-specs.ts';
import type { SecretTextRef } from './secret-text.ts';
import type { SecretTexts } from './secret-texts.ts';

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

export function createWebhookRules(specs: PolicySpecs, secrets: SecretTexts): WebhookRules {
  return async ({ namespace, policy, alarm }) => {
    const key = { namespace, name: policy };
    const spec = specs(key);
    // A suspended policy takes alarms all the same: their mails wait.
    const ref = typeof spec === 'object' ? webhookSecrets(key, spec).get(alarm) : undefined;
    if (!ref) return { kind: 'unknown' };
    const found = await secrets(ref);
    if (found.kind === 'text') return { kind: 'rule', tokens: [found.text] };
    return { kind: 'tokenMissing', message: found.kind === 'unusable' ? found.violation.message : found.message };
  };
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
