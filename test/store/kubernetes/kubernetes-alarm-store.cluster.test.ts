import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { AlarmStore, ClusterEvent } from '../../../src/store/alarm-store.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { createKubernetesAlarmStore } from '../../../src/store/kubernetes/kubernetes-alarm-store.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import { reflectorTimings } from '../../../src/store/kubernetes/reflector.ts';
import type { ResourceKind, StoredResource } from '../../../src/store/policy-store.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import type { Grant } from '../../control-plane/access.ts';
import type { ControlPlane } from '../../control-plane/control-plane.ts';
import { describeWithCluster, ownControlPlane, sharedControlPlane } from '../../control-plane/shared.ts';
import { eventually } from './open-test-store.ts';

async function open(kubeconfig: string, namespaces: readonly string[] | undefined) {
  const opened = await openClient({ kubeconfig, environment: {}, qps: 500 });
  if (opened.kind === 'unusable') throw new Error(opened.message);
  const store = createKubernetesAlarmStore({
    client: opened.client,
    namespaces: [],
    clock: systemClock,
    random: Math.random,
    timings: { ...reflectorTimings, watchSeconds: 2, backoff: { baseMs: 50, maxMs: 400 } },
  });
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort();
    opened.client.close();
  });
  /** Those that are open now, by subject. */
  const problems = new Map<string, string>();
  const problem = ({ subject, message }: StoreProblem) => {
    if (message === undefined) problems.delete(subject);
    else problems.set(subject, message);
  };
  return {
    problems,
    events: () => followedEvents({ store, namespaces, problem, signal: stop.signal }),
    resources: (kind: ResourceKind) => followedResources({ store, namespaces, problem, signal: stop.signal }, kind),
  };
}

interface Following {
  readonly store: AlarmStore;
  readonly namespaces: readonly string[] | undefined;
  readonly problem: (problem: StoreProblem) => void;
  readonly signal: AbortSignal;
}

function followedEvents({ store, namespaces, problem, signal }: Following): ClusterEvent[] {
  const seen: ClusterEvent[] = [];
  store.followEvents({ namespaces, seen: (event) => seen.push(event), problem }, signal);
  return seen;
}

function followedResources({ store, namespaces, problem, signal }: Following, kind: ResourceKind) {
  const there = new Map<string, StoredResource>();
  const state = { there, complete: false };
  store.followResources(
    {
      ...{ kind, namespaces, problem },
      changed: (resource) => there.set(resource.name, resource),
      gone: ({ name }) => there.delete(name),
      complete: () => {
        state.complete = true;
      },
    },
    signal,
  );
  return state;
}

describeWithCluster('what a real cluster shows of its troubles', () => {
  const cluster = sharedControlPlane();

  test('a series that is updated in place is told with its count, of the core API as of events.k8s.io', async () => {
    const namespace = await cluster.createNamespace('events');
    await cluster.apply(modernEvent(namespace, 'modern'), coreEvent(namespace, 'core', 2));
    const opened = await open(cluster.kubeconfigPath, [namespace]);
    const seen = opened.events();
    await eventually(() =>
      expect(seen.map(({ name, count }) => [name, count])).toEqual([
        ['core', 2],
        ['modern', 1],
      ]),
    );
    const series = { count: 9, lastObservedTime: '2026-11-24T10:09:00.000000Z' };
    await cluster.apply(modernEvent(namespace, 'modern', { series }), coreEvent(namespace, 'core', 3));
    await eventually(() =>
      expect(
        seen
          .slice(2)
          .map(({ name, count }) => [name, count])
          .sort(),
      ).toEqual([
        ['core', 3],
        ['modern', 9],
      ]),
    );
    const modern = seen.findLast(({ name }) => name === 'modern');
    expect(modern).toMatchObject({
      namespace,
      type: 'Warning',
      reason: 'BackOff',
      action: 'Restarting',
      note: 'Back-off restarting failed container',
      regarding: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'web' },
      reportingController: 'kubelet',
      firstSeen: Date.parse('2026-11-24T10:00:00Z'),
      lastSeen: Date.parse('2026-11-24T10:09:00Z'),
    });
    expect(new Set(seen.map(({ uid }) => uid)).size).toBe(2);
    expect(seen.find(({ name }) => name === 'core')).toMatchObject({
      ...{ note: 'Readiness probe failed', reportingController: 'kubelet' },
      ...{ firstSeen: Date.parse('2026-11-24T10:00:00Z'), lastSeen: Date.parse('2026-11-24T10:05:00Z') },
    });
  });

  test('one watch sees all namespaces, one each sees those that are asked for', async () => {
    const names = await Promise.all(['many', 'many', 'many'].map((name) => cluster.createNamespace(name)));
    const [first = '', second = '', other = ''] = names;
    await cluster.apply(...names.map((namespace) => modernEvent(namespace, `of-${namespace}`)));
    const all = (await open(cluster.kubeconfigPath, undefined)).events();
    const some = (await open(cluster.kubeconfigPath, [first, second])).events();
    const mine = (seen: readonly ClusterEvent[]) =>
      seen.map(({ name }) => name).filter((name) => name.startsWith('of-many'));
    await eventually(() => expect(new Set(mine(all))).toEqual(new Set(names.map((name) => `of-${name}`))));
    await eventually(() => expect(mine(some).sort()).toEqual([`of-${first}`, `of-${second}`].sort()));
    expect(mine(some)).not.toContain(`of-${other}`);
  });

  test('what RBAC denies is told with verb and resource, and comes with the grant', async () => {
    const namespace = await cluster.createNamespace('denied');
    await cluster.apply(modernEvent(namespace, 'one'));
    const who = { namespace, name: 'operator' };
    const kubeconfig = await cluster.kubeconfigFor({ ...who, grants: [] });
    const opened = await open(kubeconfig, [namespace]);
    const seen = opened.events();
    const leases = opened.resources({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' });
    await eventually(() => {
      const messages = [...opened.problems.values()].join('\n');
      expect(messages).toContain(
        `cannot list events in namespace ${namespace}: RBAC does not allow it; grant the verbs list and watch on events.events.k8s.io`,
      );
      expect(messages).toContain(
        `cannot list leases in namespace ${namespace}: RBAC does not allow it; grant the verbs list and watch on leases.coordination.k8s.io`,
      );
    });
    expect([seen.length, leases.complete]).toEqual([0, false]);
    const verbs = ['list', 'watch'];
    const grants: Grant[] = [
      { namespace, apiGroups: ['events.k8s.io'], resources: ['events'], verbs },
      { namespace, apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs },
    ];
    await cluster.grant({ ...who, grants });
    await eventually(() => expect([seen.length, leases.complete, opened.problems.size]).toEqual([1, true, 0]));
  });

  test('of a kind all are told, then what changes and what goes; the object is whole', async () => {
    const namespace = await cluster.createNamespace('resources');
    const texts = (name: string, text: string) => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name, labels: { a: 'b' } }, data: { text } },
    });
    await cluster.apply(texts('one', '1'), texts('two', '2'));
    const opened = await open(cluster.kubeconfigPath, [namespace]);
    const { there, ...state } = opened.resources({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(state.complete).toBe(false);
    await eventually(() => expect([...there.keys()].sort()).toContain('two'));
    await cluster.apply(texts('one', 'changed'));
    await cluster.kubectl(['delete', 'configmap', 'two', '-n', namespace]);
    await eventually(() => {
      expect(there.get('one')?.object).toMatchObject({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        data: { text: 'changed' },
      });
      expect(there.has('two')).toBe(false);
    });
    expect(there.get('one')?.labels).toEqual({ a: 'b' });
    expect(there.get('one')?.object.metadata).not.toHaveProperty('managedFields');
  });

  test('a kind whose definition comes later is followed from then on', async () => {
    const namespace = await cluster.createNamespace('later');
    const group = `${namespace}.example.com`;
    const opened = await open(cluster.kubeconfigPath, [namespace]);
    const followed = opened.resources({ apiVersion: `${group}/v1`, kind: 'Widget' });
    await eventually(() =>
      expect([...opened.problems.values()]).toEqual([
        `the API server does not know ${group}/v1; install what brings the kind Widget, or correct apiVersion`,
      ]),
    );
    await cluster.apply(definition(group));
    await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=30s', `crd/widgets.${group}`]);
    await eventually(() => expect([followed.complete, opened.problems.size]).toEqual([true, 0]));
    await cluster.apply({ apiVersion: `${group}/v1`, kind: 'Widget', metadata: { namespace, name: 'one' } });
    await eventually(() => expect([...followed.there.keys()]).toEqual(['one']));
    await cluster.kubectl(['delete', 'crd', `widgets.${group}`, '--wait=false']);
    await eventually(() => expect(followed.there.size).toBe(0));
  });
});

describeWithCluster('Events of an API server that is killed', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await ownControlPlane();
  });
  afterAll(() => cluster.stop());

  test('go on after it is back', async () => {
    const namespace = await cluster.createNamespace('kill');
    await cluster.apply(modernEvent(namespace, 'before'));
    const opened = await open(cluster.kubeconfigPath, [namespace]);
    const seen = opened.events();
    await eventually(() => expect(seen.map(({ name }) => name)).toContain('before'));
    await cluster.killApiServer();
    await eventually(() => expect([...opened.problems.values()].join()).toContain('the API server cannot be reached'));
    await cluster.startApiServer();
    await cluster.apply(modernEvent(namespace, 'after'));
    await eventually(() => expect(seen.map(({ name }) => name)).toContain('after'), 60_000);
    await eventually(() => expect(opened.problems.size).toBe(0));
  });
});

function modernEvent(namespace: string, name: string, more: object = {}) {
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { namespace, name },
    eventTime: '2026-11-24T10:00:00.000000Z',
    reportingController: 'kubelet',
    reportingInstance: 'node-1',
    regarding: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'web' },
    type: 'Warning',
    reason: 'BackOff',
    action: 'Restarting',
    note: 'Back-off restarting failed container',
    ...more,
  };
}

function coreEvent(namespace: string, name: string, count: number) {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'web' },
    source: { component: 'kubelet', host: 'node-1' },
    firstTimestamp: '2026-11-24T10:00:00Z',
    lastTimestamp: '2026-11-24T10:05:00Z',
    count,
    type: 'Warning',
    reason: 'Unhealthy',
    message: 'Readiness probe failed',
  };
}

function definition(group: string) {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
