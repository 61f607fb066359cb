// `/v1/alarms/<namespace>/<policy>/<alarm>`: three names by the rules of Kubernetes, nothing encoded.
import type { WebhookPath } from '../policies/alarms/webhook-rules.ts';

const webhookPrefix = '/v1/alarms/';

/** Undefined for every other path; a query is not looked at. */
export function webhookPath(target: string): WebhookPath | undefined {
  const [path = ''] = target.split('?', 1);
  if (!path.startsWith(webhookPrefix)) return undefined;
  const [namespace = '', policy = '', alarm = '', ...more] = path.slice(webhookPrefix.length).split('/');
  const isOne = more.length === 0 && [namespace, policy, alarm].every((name) => namePattern.test(name));
  return isOne ? { namespace, policy, alarm } : undefined;
}

const namePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
