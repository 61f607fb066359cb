// What only a cluster has: rights, kinds that are not there, scopes.
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import {
  createKubernetesPolicyStore,
  type KubernetesPolicyStore,
} from '../../../src/store/kubernetes/kubernetes-policy-store.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import type { SecretAccess } from '../../../src/store/kubernetes/reference-watches.ts';
import { reflectorTimings } from '../../../src/store/kubernetes/reflector.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import type { Grant } from '../../control-plane/access.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { eventually } from './open-test-store.ts';

interface Opened {
  readonly store: KubernetesPolicyStore;
  readonly accountsTold: string[];
  /** Those that are open now, by subject. */
  readonly problems: Map<string, string>;
}

interface Choices {
  readonly kubeconfig: string;
  readonly namespaces: readonly string[];
  readonly secretAccess?: SecretAccess;
}

async function open({ kubeconfig, namespaces, secretAccess = 'Cluster' }: Choices): Promise<Opened> {
  const opened = await openClient({ kubeconfig, environment: {}, qps: 500 });
  if (opened.kind === 'unusable') throw new Error(opened.message);
  const store = createKubernetesPolicyStore({
    client: opened.client,
    namespaces,
    secretAccess,
    key: Buffer.alloc(32, 1),
    identity: 'relaykeeper-0',
    clock: systemClock,
    random: Math.random,
    // A right is asked for when a watch is opened: soon again.
    timings: { ...reflectorTimings, watchSeconds: 1, backoff: { baseMs: 50, maxMs: 400 } },
  });
  const accountsTold: string[] = [];
  const problems = new Map<string, string>();
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort();
    opened.client.close();
  });
  await store.startPolicies(
    {
      policyChanged: () => undefined,
      accountChanged: ({ name }) => void accountsTold.push(name),
      problem({ subject, message }: StoreProblem) {
        if (message === undefined) problems.delete(subject);
        else problems.set(subject, message);
      },
    },
    stop.signal,
  );
  return { store, accountsTold, problems };
}

describeWithCluster('the policy store on a real API server', () => {
  const cluster = sharedControlPlane();

  test('denied accounts keep nobody else waiting, say what to grant, and come with the grant', async () => {
    const namespace = await cluster.createNamespace('denied');
    const who = { namespace, name: 'operator' };
    await cluster.apply(policy(namespace), account(namespace, 'anna'));
    const kubeconfig = await cluster.kubeconfigFor({ ...who, grants: [policies(namespace)] });
    const { store, accountsTold, problems } = await open({ kubeconfig, namespaces: [namespace] });

    expect(store.listPolicies()).toEqual([{ namespace, name: 'guests' }]);
    expect(store.accounts(namespace)).toEqual([]);
    expect(store.accountsComplete(namespace)).toBe(false);
    const what = `cannot list secrets of type relaykeeper.dev/account in namespace ${namespace}: RBAC does not allow it; grant the verbs list and watch on secrets`;
    expect(store.whyUnseen('accounts', namespace)).toContain(what);
    expect([...problems.values()].join('\n')).toContain(what);
    expect(store.policiesComplete(namespace)).toBe(true);
    // Of a namespace that cannot be read nothing is granted to others.
    expect(store.whyNamespacesUnseen()).toContain('RBAC does not allow it');
    expect(store.namespaces()).toEqual([{ name: namespace, labels: {}, annotations: {} }]);
    expect(await store.readAccountSecret({ namespace, name: 'anna' })).toEqual({
      kind: 'denied',
      verb: 'get',
      resource: 'secrets',
      namespace,
    });

    await cluster.grant({ ...who, grants: [policies(namespace), secrets(namespace)] });
    await eventually(() => expect(accountsTold).toEqual(['anna']));
    expect(store.accountsComplete(namespace)).toBe(true);
    expect(store.whyUnseen('accounts', namespace)).toBeUndefined();
  });

  test('a right that is taken away makes what is known incomplete', async () => {
    const namespace = await cluster.createNamespace('revoked');
    const who = { namespace, name: 'operator' };
    await cluster.apply(account(namespace, 'anna'));
    const kubeconfig = await cluster.kubeconfigFor({ ...who, grants: [policies(namespace), secrets(namespace)] });
    const { store } = await open({ kubeconfig, namespaces: [namespace] });
    expect(store.accountsComplete(namespace)).toBe(true);
    await cluster.grant({ ...who, grants: [policies(namespace)] });
    await eventually(() => expect(store.accountsComplete(namespace)).toBe(false));
    expect(store.whyUnseen('accounts', namespace)).toContain('RBAC does not allow it');
    expect(store.accounts(namespace)).toHaveLength(1);
  });

  test('with secret access Named accounts and certificates are not looked for, and it is said why', async () => {
    const namespace = await cluster.createNamespace('named');
    await cluster.apply(policy(namespace), account(namespace, 'anna'));
    const who = { namespace, name: 'operator' };
    const kubeconfig = await cluster.kubeconfigFor({ ...who, grants: [policies(namespace), own(namespace)] });
    const { store, problems } = await open({ kubeconfig, namespaces: [namespace], secretAccess: 'Named' });
    expect(store.accounts(namespace)).toEqual([]);
    expect(await store.certificates(namespace)).toEqual([]);
    expect(store.accountsComplete(namespace)).toBe(false);
    for (const subjects of ['accounts', 'certificates'] as const) {
      expect(store.whyUnseen(subjects, namespace)).toContain('--secret-access Named');
      expect(problems.get(`see ${subjects}`)).toContain(`${subjects} cannot be seen`);
    }
    const asked = await cluster.requestsBy(who);
    expect(asked.filter(({ resource, verb }) => resource === 'secrets' && verb !== 'get')).toEqual([]);
  });

  test('resources that RBAC denies are unavailable with verb and resource, until they are granted', async () => {
    const namespace = await cluster.createNamespace('resources');
    const who = { namespace, name: 'operator' };
    const kubeconfig = await cluster.kubeconfigFor({ ...who, grants: [policies(namespace)] });
    const { store } = await open({ kubeconfig, namespaces: [namespace] });
    const leases = () => store.resources({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }, namespace);
    expect(await leases()).toEqual({
      kind: 'unavailable',
      message: expect.stringContaining(
        `cannot list leases in namespace ${namespace}: RBAC does not allow it; grant the verbs list and watch on leases.coordination.k8s.io`,
      ),
    });
    const grant: Grant = {
      namespace,
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      verbs: ['list', 'watch'],
    };
    await cluster.grant({ ...who, grants: [policies(namespace), grant] });
    await eventually(async () => expect(await leases()).toEqual({ kind: 'found', resources: [] }));
  });

  test.each([
    [
      'an unknown group',
      { apiVersion: 'cert-manager.invalid/v1', kind: 'Certificate' },
      'does not know cert-manager.invalid/v1',
    ],
    ['an unknown kind', { apiVersion: 'apps/v1', kind: 'Certificate' }, 'knows apps/v1, but no kind Certificate there'],
    ['a kind in no namespace', { apiVersion: 'v1', kind: 'Node' }, 'Node of v1 is in no namespace'],
    ['a path in apiVersion', { apiVersion: '../../v1', kind: 'Pod' }, '"../../v1" is no apiVersion'],
  ])('resources of %s are unavailable', async (_name, kind, message) => {
    const namespace = await cluster.createNamespace('unknown');
    const { store, problems } = await open({ kubeconfig: cluster.kubeconfigPath, namespaces: [namespace] });
    const list = await store.resources(kind, namespace);
    expect(list).toEqual({ kind: 'unavailable', message: expect.stringContaining(message) });
    expect([...problems]).toEqual([]);
  });

  test('what is outside --namespace is not looked into', async () => {
    const [inside, outside] = [await cluster.createNamespace('in'), await cluster.createNamespace('out')];
    await cluster.apply(policy(outside), account(outside, 'anna'));
    const { store } = await open({ kubeconfig: cluster.kubeconfigPath, namespaces: [inside] });
    expect(store.listPolicies()).toEqual([]);
    expect(store.accounts(outside)).toEqual([]);
    // A policy that is not looked at is not gone.
    expect([store.policiesComplete(inside), store.policiesComplete(outside)]).toEqual([true, false]);
    expect(store.whyUnseen('accounts', outside)).toContain(
      `namespace ${outside} is not among those that --namespace names`,
    );
    expect(store.namespaces().map(({ name }) => name)).toEqual([inside]);
    expect(await store.resources({ apiVersion: 'v1', kind: 'ConfigMap' }, outside)).toMatchObject({
      kind: 'unavailable',
    });
  });

  test('an event on an account shows in kubectl events, one on what has gone is none', async () => {
    const namespace = await cluster.createNamespace('describe');
    await cluster.apply(account(namespace, 'anna'));
    const { store, problems } = await open({ kubeconfig: cluster.kubeconfigPath, namespaces: [namespace] });
    await store.recordAccountEvent({
      account: { namespace, name: 'anna' },
      reason: 'AccountInvalid',
      note: 'no address',
    });
    await store.recordAccountEvent({
      account: { namespace, name: 'gone' },
      reason: 'AccountInvalid',
      note: 'no address',
    });
    const { stdout } = await cluster.kubectl(['events', '-n', namespace]);
    expect(stdout).toMatch(/Warning +AccountInvalid +Secret\/anna +no address/);
    expect(stdout).not.toContain('Secret/gone');
    expect([...problems]).toEqual([]);
  });
});

function policy(namespace: string) {
  const spec = { relayRef: { name: 'corporate' } };
  return {
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'NotificationPolicy',
    metadata: { namespace, name: 'guests' },
    spec,
  };
}

function account(namespace: string, name: string) {
  const stringData = { username: name, password: 'hush', email: `${name}@example.com` };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name },
    type: 'relaykeeper.dev/account',
    stringData,
  };
}

function policies(namespace: string): Grant {
  return {
    namespace,
    apiGroups: ['relaykeeper.dev'],
    resources: ['notificationpolicies'],
    verbs: ['get', 'list', 'watch'],
  };
}

function secrets(namespace: string): Grant {
  return { namespace, apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] };
}

/** The right to see one namespace by its name. */
function own(namespace: string): Grant {
  return { apiGroups: [''], resources: ['namespaces'], resourceNames: [namespace], verbs: ['list', 'watch'] };
}
