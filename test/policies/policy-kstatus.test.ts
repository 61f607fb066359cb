// Flux, kpt and others wait for policies by kstatus, too.
import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { brokenLaws } from '../../src/api/conditions.ts';
import type { NotificationPolicyStatus } from '../../src/api/notification-policy.ts';
import { kstatus } from '../api/kstatus.ts';
import { policyStatuses } from './policy-statuses.ts';

test.each(Object.entries(policyStatuses))('a policy %s is judged rightly', (_name, { status, kstatus: expected }) => {
  expect(brokenLaws(status)).toEqual([]);
  expect(kstatus({ metadata: { generation: 1 }, status })).toBe(expected);
});

test.each(Object.entries(policyStatuses))('after an edit a policy %s is waited for', (_name, { status }) => {
  expect(kstatus({ metadata: { generation: 2 }, status })).toBe('InProgress');
});

test('a policy is waited for until the operator has seen it, by the default of its status', async () => {
  const file = new URL('../../crds/relaykeeper.dev_notificationpolicies.yaml', import.meta.url);
  const crd = load(await readFile(file, 'utf8')) as {
    spec: {
      versions: { schema: { openAPIV3Schema: { properties: { status: { default: NotificationPolicyStatus } } } } }[];
    };
  };
  const status = crd.spec.versions[0]?.schema.openAPIV3Schema.properties.status.default;
  expect(kstatus({ metadata: { generation: 1 }, status })).toBe('InProgress');
});
