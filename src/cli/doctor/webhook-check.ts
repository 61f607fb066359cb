// Does whoever sends alarms reach the webhook? Asked for where rules take alarms by it.
import { type Knock, knockAtWebhook } from '../../server/knock-at-webhook.ts';
import type { Declared } from './dns-check.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';

export interface WebhookWorld {
  readonly declared: (signal: AbortSignal) => Promise<Declared>;
  readonly webhookUrl: URL | undefined;
}

export const webhookCheck: Check<WebhookWorld> = { name: 'webhook', look };

async function look({ declared, webhookUrl }: WebhookWorld, signal: AbortSignal): Promise<readonly Finding[]> {
  if (webhookUrl) return [judged(webhookUrl, await knockAtWebhook(webhookUrl, signal))];
  const read = await declared(signal);
  const rules = read.kind === 'read' ? read.facts.webhookRules : [];
  const [first] = rules;
  if (first === undefined) return [];
  const which = rules.length === 1 ? first : `${first} and ${rules.length - 1} more`;
  return [
    doubtful(
      `Alarms of ${which} come by the webhook, and nobody said where it is reached.`,
      'Give --webhook-url URL, as senders have it without /v1/alarms/…, to see whether it answers.',
    ),
  ];
}

const listenRemedy =
  'Start the operator with --webhook-listen (with Helm: webhook.enabled), and look at Service, Ingress and network policies.';

function judged(url: URL, knock: Knock): Finding {
  switch (knock.kind) {
    case 'answers':
      return fine(`The alarm webhook answers at ${url.href}.`);
    case 'another':
      return wrong(`At ${url.href} something else answers (HTTP ${knock.status}).`, listenRemedy);
    case 'unreachable':
      return wrong(`The alarm webhook at ${url.href} cannot be reached: ${knock.message}.`, listenRemedy);
  }
}
