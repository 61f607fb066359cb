// What a webhook's path and its Secret come to: a sender is turned away for good only where that is sure.
import { expect, test } from 'vitest';
import { parsePolicy } from '../../src/api/validate-policy.ts';
import type { SecretText } from '../../src/policies/alarms/secret-text.ts';
import { createWebhookRules } from '../../src/policies/alarms/webhook-rules.ts';

const path = { namespace: 'mail', policy: 'ops', alarm: 'production' };
const message = 'a sentence';

const found = (
  secret: SecretText,
  spec: 'declared' | 'gone' | 'unreadable' = 'declared',
  { alarm = path.alarm, replaced }: { readonly alarm?: string; readonly replaced?: string } = {},
) =>
  createWebhookRules(
    () => (spec === 'declared' ? declared() : spec),
    async () => ({ found: secret, replaced }),
  )({ ...path, alarm });

test.each<[string, SecretText, object]>([
  ['a token lets requests in', { kind: 'text', text: 'secret' }, { kind: 'rule', tokens: ['secret'] }],
  ['a Secret that is gone is a missing token', unusable('SecretNotFound'), { kind: 'tokenMissing', message }],
  ['a Secret that may not be read may be readable soon', unusable('AccessDenied'), { kind: 'unavailable', message }],
  ['a store that cannot say is asked again', { kind: 'unavailable', message }, { kind: 'unavailable', message }],
])('%s', async (_, secret, expected) => {
  expect(await found(secret)).toEqual(expected);
});

const token: SecretText = { kind: 'text', text: 'secret' };

test('a policy that cannot be read now may have the rule', async () => {
  expect(await found(token, 'unreadable')).toMatchObject({ kind: 'unavailable' });
});

test('a policy that is gone, and a rule that it does not have, are unknown', async () => {
  expect(await found(token, 'gone')).toEqual({ kind: 'unknown' });
  expect(await found(token, 'declared', { alarm: 'other' })).toEqual({ kind: 'unknown' });
});

test.each<[string, SecretText, readonly string[]]>([
  ['the new one', token, ['secret', 'old']],
  ['none, while the Secret is made anew', unusable('SecretNotFound'), ['old']],
])('a token that was replaced goes on beside %s', async (_, secret, tokens) => {
  expect(await found(secret, 'declared', { replaced: 'old' })).toEqual({ kind: 'rule', tokens });
});

function unusable(reason: 'SecretNotFound' | 'AccessDenied'): SecretText {
  return { kind: 'unusable', violation: { reason, fieldPath: 'spec', message } };
}

function declared() {
  const parsed = parsePolicy({
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'NotificationPolicy',
    metadata: { namespace: path.namespace, name: path.policy },
    spec: {
      relayRef: { name: 'corporate' },
      alarms: [
        {
          name: path.alarm,
          sources: { webhook: { tokenSecretRef: { name: 'token' } } },
          notify: { addresses: ['oncall@example.com'] },
        },
      ],
    },
  });
  if (parsed.kind === 'invalid') throw new Error('the policy of this test is invalid');
  return parsed.policy.spec;
}
