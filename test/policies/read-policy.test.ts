// How often the texts of mails are checked: that takes long, and a policy is read again and again.
import { expect, test } from 'vitest';
import { parsePolicy } from '../../src/api/validate-policy.ts';
import { readPolicy } from '../../src/policies/read-policy.ts';
import { createCheckTemplate, type RuleTemplate } from '../../src/policies/rule-templates.ts';

const configMapRef = { name: 'texts' };

test('a template in the manifest is compiled once, however often the policy is read', async () => {
  const world = reading({ subject: 'Hello', text: 'Hello' });
  const [first, second] = [await world.read('1'), await world.read('1')];
  expect(first).toBe(second);
  expect(first?.('reminder', undefined)).toBe(second?.('reminder', undefined));
});

test('a template of a ConfigMap is compiled once a version', async () => {
  const world = reading({ configMapRef });
  const [first, second, third] = [await world.read('1'), await world.read('1'), await world.read('2')];
  expect(first).toBe(second);
  expect(third).not.toBe(first);
});

test('a fault is told of at each reading, and is gone with the version that had it', async () => {
  const world = reading({ configMapRef });
  const wrong = new Map([['text', Buffer.from('{{ nobody }}')]]);
  for (const _ of [1, 2]) {
    const result = await world.result('1', wrong);
    expect(result).toMatchObject({ kind: 'unresolved', violation: { message: expect.stringContaining('nobody') } });
  }
  expect(await world.read('2')).toBeTypeOf('function');
});

test('rules that have no template of their own share what is built in', async () => {
  const check = createCheckTemplate();
  const rule: RuleTemplate = { fieldPath: 'spec.reminders[0].template', kind: 'reminder', template: undefined };
  expect(check(rule, undefined)).toMatchObject({ kind: 'template' });
});

function reading(template: object) {
  const metadata = { name: 'guests', namespace: 'mail' };
  const reminder = { name: 'expiry', subjects: { accounts: { expiry: 'AccountEnd' } }, daysBefore: [1] };
  const spec = {
    relayRef: { name: 'corporate' },
    reminders: [{ ...reminder, schedule: '0 8 * * *', timeZone: 'UTC', notify: { account: true }, template }],
  };
  const manifest = { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'NotificationPolicy', metadata, spec };
  const parsed = parsePolicy(manifest);
  const stored = {
    metadata: { ...metadata, uid: 'u', generation: 1, resourceVersion: '1' },
    manifest,
    status: undefined,
  };
  const checkTemplate = createCheckTemplate();
  const sender = { address: 'portal@example.com' };
  const known = { key: { namespace: 'mail', name: 'corporate' }, stored: {}, relay: { spec: { sender, sandbox: {} } } };
  const result = (resourceVersion: string, data = new Map([['text', Buffer.from('Hello')]])) =>
    readPolicy(stored, parsed, {
      store: {
        namespaces: () => [],
        readTexts: async () => ({ kind: 'found', object: { resourceVersion, type: '', data } }),
      },
      book: { find: () => known } as never,
      checkTemplate,
    });
  return {
    result,
    async read(resourceVersion: string) {
      const found = await result(resourceVersion);
      if (found.kind !== 'usable') throw new Error(JSON.stringify(found));
      return found.scene.templates.get('spec.reminders[0].template');
    },
  };
}
