import { expect, onTestFinished, test } from 'vitest';
import { createKubernetesPolicyStore } from '../../../src/store/kubernetes/kubernetes-policy-store.ts';
import { eventually } from '../eventually.ts';
import { createTestClock } from '../test-clock.ts';
import { event, json, type Script, startScriptedApi } from './scripted-api.ts';

const certificates = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' };
const discovery = {
  resources: [
    { name: 'certificates/status', kind: 'Certificate', namespaced: true },
    { name: 'certificates', kind: 'Certificate', namespaced: true },
  ],
};

async function open(script: Script) {
  const api = await startScriptedApi(script, 60_000);
  const clock = createTestClock();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const store = createKubernetesPolicyStore({
    client: api.client,
    namespaces: [],
    secretAccess: 'Cluster',
    key: Buffer.alloc(32),
    identity: 'relaykeeper-0',
    clock,
    random: () => 0,
  });
  const problems: unknown[] = [];
  const listener = {
    policyChanged: () => {},
    accountChanged: () => {},
    problem: (each: unknown) => problems.push(each),
  };
  return { ...api, store, clock, problems, start: () => store.startPolicies(listener, stop.signal) };
}

test('a list that does not come within 30 s is unavailable, and found once it is there', async () => {
  const waiting: (() => void)[] = [];
  const run = await open((request, response) => {
    if (request.path === '/base/apis/cert-manager.io/v1') return json(response, discovery);
    if (request.query.watch === 'true') return void response.writeHead(200).flushHeaders();
    const metadata = { namespace: 'mail', name: 'portal', resourceVersion: '7' };
    waiting.push(() => json(response, { items: [{ metadata }], metadata: { resourceVersion: '9' } }));
  });
  const asked = run.store.resources(certificates, 'mail');
  await eventually('the list is asked for', () => waiting.length === 1);
  await run.clock.advance(30_000);
  expect(await asked).toEqual({
    kind: 'unavailable',
    message: 'watch certificates in all namespaces: not listed yet',
  });
  const again = run.store.resources(certificates, 'mail');
  waiting[0]?.();
  expect(await again).toMatchObject({ kind: 'found', resources: [{ namespace: 'mail', name: 'portal' }] });
  expect(waiting).toHaveLength(1);
  expect(run.requests.filter(({ path }) => path.endsWith('/cert-manager.io/v1'))).toHaveLength(1);
});

test('many that ask for one kind at once share its watch', async () => {
  const run = await open((request, response) => {
    if (request.path === '/base/apis/cert-manager.io/v1') return json(response, discovery);
    if (request.query.watch === 'true') return void response.writeHead(200).flushHeaders();
    json(response, { items: [], metadata: { resourceVersion: '9' } });
  });
  const lists = await Promise.all(['a', 'b', 'c'].map((namespace) => run.store.resources(certificates, namespace)));
  expect(lists.every(({ kind }) => kind === 'found')).toBe(true);
  await eventually('it is watched', () => run.watches().length > 0);
  expect(run.watches().map(({ path }) => path)).toEqual(['/base/apis/cert-manager.io/v1/certificates']);
});

test('Secrets are asked for by type alone, certificates only once somebody needs them', async () => {
  const run = await open((request, response) => {
    if (request.query.watch === 'true') return void response.writeHead(200).flushHeaders();
    json(response, { items: [], metadata: { resourceVersion: '9' } });
  });
  await run.start();
  const ofSecrets = () => run.requests.filter(({ path, query }) => path.endsWith('/secrets') && !query.watch);
  expect(ofSecrets().map(({ query }) => query.fieldSelector)).toEqual(['type=relaykeeper.dev/account']);
  await run.store.certificates('mail');
  await run.store.certificates('other');
  expect(ofSecrets().map(({ query }) => query.fieldSelector)).toEqual([
    'type=relaykeeper.dev/account',
    'type=kubernetes.io/tls',
  ]);
});

test('an account that a watch brings is kept without its password, its mark the same as from a list', async () => {
  const secret = (resourceVersion: string) => ({
    metadata: { namespace: 'mail', name: 'anna', resourceVersion, creationTimestamp: '2026-01-01T00:00:00Z' },
    type: 'relaykeeper.dev/account',
    data: { username: encoded('anna'), password: encoded('hush-canary'), email: encoded('anna@example.com') },
  });
  const run = await open((request, response) => {
    if (!request.query.fieldSelector) {
      if (request.query.watch === 'true') return void response.writeHead(200).flushHeaders();
      return json(response, { items: [], metadata: { resourceVersion: '9' } });
    }
    if (request.query.watch !== 'true')
      return json(response, { items: [secret('5')], metadata: { resourceVersion: '9' } });
    response.writeHead(200);
    event(response, 'MODIFIED', secret('10'));
  });
  await run.start();
  const [listed] = run.store.accounts('mail');
  if (listed?.kind !== 'account') throw new Error('no account');
  const watched = await eventually('the event', () => {
    const [account] = run.store.accounts('mail');
    return account?.kind === 'account' && account.account.resourceVersion === '10' ? account.account : undefined;
  });
  expect(watched.passwordMark).toBe(listed.account.passwordMark);
  expect(watched.createdAt).toBe(Date.parse('2026-01-01T00:00:00Z'));
  const shown = JSON.stringify([run.store.accounts('mail'), run.problems]);
  expect(shown).not.toContain('hush-canary');
  expect(shown).not.toContain(encoded('hush-canary'));
});

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}
