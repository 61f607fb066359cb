// The health checks for Argo CD, run by a real Lua without the libraries that Argo CD leaves closed.
import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { LuaFactory } from 'wasmoon';
import { policyStatuses } from '../policies/policy-statuses.ts';
import { effective, failed, lawful, probed, succeeded } from '../relays/statuses.ts';

const script = await readFile(new URL('../../examples/gitops/argocd/health.lua', import.meta.url), 'utf8');
const lua = new LuaFactory();

async function health(object: object, kind = 'SmtpRelay'): Promise<{ status: string; message: string }> {
  const engine = await lua.createEngine({ enableProxy: false });
  try {
    await engine.doString('string, math, io, os, coroutine, utf8, debug, package, require = nil');
    engine.global.set('obj', { apiVersion: 'relaykeeper.dev/v1alpha1', kind, ...object });
    return await engine.doString(script);
  } finally {
    engine.global.close();
  }
}

const metadata = { name: 'corporate', namespace: 'mail', generation: 2 };
const spec = { host: 'mail.example.com', suspend: false };
const condition = (type: string, status: string, reason = 'Because') => ({ type, status, reason, message: 'so it is' });
const relay = (...conditions: object[]) => ({ metadata, spec, status: { observedGeneration: 2, conditions } });

describe('the health that Argo CD shows', () => {
  test.each([
    ['a relay that works is Healthy', relay(condition('Ready', 'True')), 'Healthy'],
    ['a relay without status is Progressing', { metadata, spec }, 'Progressing'],
    ['a status without conditions is Progressing', { metadata, spec, status: {} }, 'Progressing'],
    [
      'a relay that the operator has not seen yet is Progressing',
      { metadata, spec, status: { observedGeneration: -1 } },
      'Progressing',
    ],
    [
      'a status about an earlier spec is Progressing, though it says Ready',
      { metadata, spec, status: { observedGeneration: 1, conditions: [condition('Ready', 'True')] } },
      'Progressing',
    ],
    [
      'a status that does not say which spec it is about is Progressing',
      { metadata, spec, status: { conditions: [condition('Ready', 'True')] } },
      'Progressing',
    ],
    [
      'a relay being probed for the first time is Progressing',
      relay(condition('Ready', 'Unknown'), condition('Reconciling', 'True')),
      'Progressing',
    ],
    [
      'a changed spec that is being tried is Progressing, though the last one failed',
      relay(condition('Ready', 'False'), condition('Reconciling', 'True')),
      'Progressing',
    ],
    [
      'a relay that only an edit can heal is Degraded',
      relay(condition('Ready', 'False'), condition('Stalled', 'True')),
      'Degraded',
    ],
    ['a relay that fails is Degraded', relay(condition('Reachable', 'False'), condition('Ready', 'False')), 'Degraded'],
    ['a relay of which nothing is known is Progressing', relay(condition('Ready', 'Unknown')), 'Progressing'],
    [
      'a suspended relay is Suspended, whatever was seen before',
      { ...relay(condition('Ready', 'False')), spec: { ...spec, suspend: true } },
      'Suspended',
    ],
    [
      'a certificate that ends soon does not make a relay Degraded',
      relay(condition('Ready', 'True'), condition('CertificateValid', 'False')),
      'Healthy',
    ],
  ])('%s', async (_name, object, expected) => {
    expect((await health(object)).status).toBe(expected);
  });

  test('a failure is told with its reason and message', async () => {
    const failing = relay(condition('Ready', 'False', 'ConnectionRefused'));
    expect((await health(failing)).message).toBe('ConnectionRefused: so it is');
  });

  test('a working relay is told with its message', async () => {
    expect((await health(relay(condition('Ready', 'True')))).message).toBe('so it is');
  });

  test.each([
    ['Healthy', 'that a probe found working', probed(succeeded)],
    ['Progressing', 'of which the first probe is under way', { kind: 'probing', effective } as const],
    ['Degraded', 'whose server refuses', probed(failed('Connect', 'ConnectionRefused'))],
    ['Degraded', 'whose login is refused', probed(failed('Auth', 'AuthenticationFailed'))],
  ])('is %s for a status of ours %s', async (expected, _which, verdict) => {
    const status = lawful({ verdict, generation: 2 });
    expect((await health({ metadata, spec, status })).status).toBe(expected);
  });
});

test.each(Object.entries(policyStatuses))(
  'a policy %s has its health',
  async (_name, { status, health: expected, spec = {} }) => {
    const policy = { metadata: { ...metadata, generation: 1 }, spec, status };
    expect((await health(policy, 'NotificationPolicy')).status).toBe(expected);
  },
);

test('the ConfigMap has the script for both kinds, as it is', async () => {
  const file = new URL('../../examples/gitops/argocd/argocd-cm.yaml', import.meta.url);
  const { data } = load(await readFile(file, 'utf8')) as { data: Record<string, string> };
  const keys = ['SmtpRelay', 'NotificationPolicy'].map(
    (kind) => `resource.customizations.health.relaykeeper.dev_${kind}`,
  );
  expect(data).toEqual(Object.fromEntries(keys.map((key) => [key, script])));
});
