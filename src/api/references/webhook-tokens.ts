// The Secrets with the tokens of a policy's webhooks.
import type { NotificationPolicySpec } from '../notification-policy.ts';
import type { SecretKeyRef } from './secret-key-ref.ts';

export interface WebhookToken {
  /** The alarm rule that it opens. */
  readonly alarm: string;
  readonly ref: SecretKeyRef;
}

export function webhookTokens(
  namespace: string,
  { alarms = [] }: Pick<NotificationPolicySpec, 'alarms'>,
): WebhookToken[] {
  return alarms.flatMap(({ name, sources: { webhook } }, index) => {
    const fieldPath = `spec.alarms[${index}].sources.webhook.tokenSecretRef`;
    return webhook ? [{ alarm: name, ref: { namespace, ...webhook.tokenSecretRef, fieldPath } }] : [];
  });
}
