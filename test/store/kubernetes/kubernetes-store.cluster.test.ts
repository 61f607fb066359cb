import { expect, test } from 'vitest';
import type { SmtpRelayStatus } from '../../../src/api/smtp-relay.ts';
import { listRequest, watchRequest } from '../../../src/store/kubernetes/collection.ts';
import type { Reference, StoredRelay } from '../../../src/store/store.ts';
import type { Grant } from '../../control-plane/access.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { configMapManifest, relayManifest, secretManifest } from './manifests.ts';
import { eventually, openTestStore, type TestStore } from './open-test-store.ts';

/** The CRD's default: no generation has been looked at. */
const unseen: SmtpRelayStatus = { observedGeneration: -1 };

const readyStatus: SmtpRelayStatus = {
  observedGeneration: 1,
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Succeeded',
      message: 'Successfully connected',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ],
};

describeWithCluster('the store on a real API server', () => {
  const cluster = sharedControlPlane();
  const open = (namespace: string, options: Partial<Parameters<typeof openTestStore>[0]> = {}) =>
    openTestStore({ kubeconfig: cluster.kubeconfigPath, namespaces: [namespace], ...options });
  const must = (opened: TestStore, namespace: string, name: string): StoredRelay => {
    const relay = opened.store.get({ namespace, name });
    if (!relay) throw new Error(`${namespace}/${name} is not in the store`);
    return relay;
  };

  test('relays of a list with many pages are all there, without what doubles their size', async () => {
    const namespace = await cluster.createNamespace('pages');
    const names = Array.from({ length: 120 }, (_, i) => `relay-${i}`);
    await cluster.apply(...names.map((name) => relayManifest(namespace, name)));
    const opened = await open(namespace, { timings: { pageSize: 25 } });
    await opened.started;
    expect(
      opened.store
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names.sort());
    expect(opened.woken.length).toBe(120);
    const relay = must(opened, namespace, 'relay-7');
    expect(relay.metadata).toMatchObject({ name: 'relay-7', namespace, generation: 1 });
    expect(relay.metadata).not.toHaveProperty('managedFields');
    expect(relay.manifest).toMatchObject({
      kind: 'SmtpRelay',
      spec: { host: 'mail.example.com', tls: { mode: 'StartTls' } },
    });
    expect(relay.status).toEqual(unseen);
  });

  test('an added, a changed and a removed relay each wake', async () => {
    const namespace = await cluster.createNamespace('changes');
    const opened = await open(namespace);
    await opened.started;
    await cluster.apply(relayManifest(namespace, 'a'));
    await eventually(() => expect(opened.woken).toEqual([`${namespace}/a`]));
    await cluster.apply(relayManifest(namespace, 'a', 'other.example.com'));
    await eventually(() => expect(must(opened, namespace, 'a').metadata.generation).toBe(2));
    expect(opened.woken.length).toBe(2);
    await cluster.kubectl(['delete', 'smtprelay', 'a', '-n', namespace]);
    await eventually(() => expect(opened.store.get({ namespace, name: 'a' })).toBeUndefined());
    expect(opened.woken.length).toBe(3);
    expect(opened.problems).toEqual([]);
  });

  test('only the namespaces asked for are watched, or all of them', async () => {
    const [one, two] = [await cluster.createNamespace('ns'), await cluster.createNamespace('ns')];
    await cluster.apply(relayManifest(one, 'a'), relayManifest(two, 'b'));
    const narrow = await open(one);
    await narrow.started;
    expect(narrow.store.list()).toEqual([{ namespace: one, name: 'a' }]);
    const wide = await open(one, { namespaces: [] });
    await wide.started;
    expect(wide.store.list()).toEqual(
      expect.arrayContaining([
        { namespace: one, name: 'a' },
        { namespace: two, name: 'b' },
      ]),
    );
  });

  test('a written status is seen at once, wakes nobody, and kubectl prints it', async () => {
    const namespace = await cluster.createNamespace('status');
    await cluster.apply(relayManifest(namespace, 'a'));
    const opened = await open(namespace);
    await opened.started;
    expect(await opened.store.writeStatus(must(opened, namespace, 'a'), readyStatus)).toEqual({ kind: 'written' });
    expect(opened.store.get({ namespace, name: 'a' })?.status).toEqual(readyStatus);
    const waited = await cluster.kubectl([
      'wait',
      '--for=condition=Ready',
      'relay/a',
      '-n',
      namespace,
      '--timeout=10s',
    ]);
    expect(waited.code, waited.stderr).toBe(0);
    expect(must(opened, namespace, 'a').metadata.generation).toBe(1);
  });

  test('a status that another writer changed is seen and wakes', async () => {
    const namespace = await cluster.createNamespace('other-writer');
    await cluster.apply(relayManifest(namespace, 'a'));
    const opened = await open(namespace);
    await opened.started;
    await opened.store.writeStatus(must(opened, namespace, 'a'), readyStatus);
    const patch = JSON.stringify({ status: { consecutiveFailures: 7 } });
    await cluster.kubectl([
      'patch',
      'relay',
      'a',
      '-n',
      namespace,
      '--subresource=status',
      '--type=merge',
      '-p',
      patch,
    ]);
    await eventually(() => expect(must(opened, namespace, 'a').status?.consecutiveFailures).toBe(7));
    expect(opened.woken.at(-1)).toBe(`${namespace}/a`);
  });

  test('a status for an object that is gone, or for another of its name, is refused as gone', async () => {
    const namespace = await cluster.createNamespace('gone');
    await cluster.apply(relayManifest(namespace, 'a'), relayManifest(namespace, 'b'));
    const opened = await open(namespace);
    await opened.started;
    const [a, b] = [must(opened, namespace, 'a'), must(opened, namespace, 'b')];
    await cluster.kubectl(['delete', 'smtprelay', 'a', 'b', '-n', namespace]);
    await cluster.apply(relayManifest(namespace, 'b'));
    expect(await opened.store.writeStatus(a, readyStatus)).toEqual({ kind: 'gone' });
    expect(await opened.store.writeStatus(b, readyStatus)).toEqual({ kind: 'gone' });
    await eventually(() => expect(must(opened, namespace, 'b').metadata.uid).not.toBe(b.metadata.uid));
    expect(must(opened, namespace, 'b').status).toEqual(unseen);
  });

  test('a status against the schema is refused as invalid', async () => {
    const namespace = await cluster.createNamespace('invalid');
    await cluster.apply(relayManifest(namespace, 'a'));
    const opened = await open(namespace);
    await opened.started;
    const status = { observedGeneration: 'one' } as unknown as SmtpRelayStatus;
    const result = await opened.store.writeStatus(must(opened, namespace, 'a'), status);
    expect(result).toMatchObject({ kind: 'invalid', message: expect.stringContaining('observedGeneration') });
  });

  test('a transition is recorded as an event that names the relay, its note cut to what is allowed', async () => {
    const namespace = await cluster.createNamespace('events');
    await cluster.apply(relayManifest(namespace, 'a'));
    const opened = await open(namespace);
    await opened.started;
    const regarding = must(opened, namespace, 'a');
    const event = { regarding, type: 'Warning', reason: 'ConnectionRefused', action: 'Probe' } as const;
    await opened.store.record({ ...event, note: 'nobody listens' });
    await opened.store.record({ ...event, note: 'ü€😀'.repeat(500) });
    expect(opened.problems).toEqual([]);
    const list = await cluster.kubectl(['get', 'events.events.k8s.io', '-n', namespace, '-o', 'json']);
    const items: { note: string }[] = JSON.parse(list.stdout).items;
    expect(items).toHaveLength(2);
    expect(items.find(({ note }) => note === 'nobody listens')).toMatchObject({
      regarding: { kind: 'SmtpRelay', name: 'a', namespace, uid: regarding.metadata.uid },
      reason: 'ConnectionRefused',
      action: 'Probe',
      type: 'Warning',
      reportingController: 'relaykeeper.dev/relaykeeper',
      reportingInstance: 'relaykeeper-0',
    });
    const long = items.find(({ note }) => note !== 'nobody listens')?.note ?? '';
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(1_024);
    expect(long).toMatch(/^(ü€😀)+(ü|ü€)?…$/);
    const described = await cluster.kubectl(['describe', 'smtprelay', 'a', '-n', namespace]);
    expect(described.stdout).toContain('nobody listens');
  });

  test('a Secret and a ConfigMap are read decoded, a missing one is missing', async () => {
    const namespace = await cluster.createNamespace('read');
    await cluster.apply(secretManifest(namespace, 'login', 'päss'), configMapManifest(namespace, 'ca', 'PEM ü'));
    const opened = await open(namespace);
    const secret = await opened.store.read({ kind: 'Secret', namespace, name: 'login' });
    expect(secret).toMatchObject({ kind: 'found', object: { type: 'kubernetes.io/basic-auth' } });
    expect(secret.kind === 'found' && secret.object.data.get('password')?.toString()).toBe('päss');
    const configMap = await opened.store.read({ kind: 'ConfigMap', namespace, name: 'ca' });
    expect(configMap.kind === 'found' && configMap.object.data.get('ca.crt')?.toString()).toBe('PEM ü');
    expect(await opened.store.read({ kind: 'Secret', namespace, name: 'nothing' })).toEqual({ kind: 'missing' });
  });

  test.each(['Cluster', 'Namespaces', 'Named'] as const)(
    'with secret access %s a rotated, a removed and a new Secret each wake within a second',
    async (secretAccess) => {
      const namespace = await cluster.createNamespace('rotate');
      const bystander: Reference = { kind: 'Secret', namespace, name: 'other' };
      const login: Reference = { kind: 'Secret', namespace, name: 'login' };
      await cluster.apply(
        relayManifest(namespace, 'a'),
        secretManifest(namespace, 'login', 'old'),
        secretManifest(namespace, 'other', 'x'),
      );
      const opened = await open(namespace, { secretAccess });
      await opened.started;
      opened.woken.length = 0;
      opened.store.follow({ namespace, name: 'a' }, [login]);
      expect((await opened.store.read(login)).kind).toBe('found');
      // Whether it comes before or after the watch's first list, one change wakes once; from then on the watch stands.
      await patchSecret(login, 'first');
      await eventually(() => expect(opened.woken.at(-1)).toBe(`${namespace}/a`));
      opened.woken.length = 0;

      await patchSecret(bystander, 'y');
      for (const change of [() => patchSecret(login, 'new'), () => remove(login), () => create(login)]) {
        const before = opened.woken.length;
        await change();
        const changedAt = performance.now();
        await eventually(() => expect(opened.woken.length).toBe(before + 1), 5_000);
        expect(performance.now() - changedAt).toBeLessThan(1_000);
      }
      expect(opened.woken).toEqual(Array.from({ length: 3 }, () => `${namespace}/a`));
      opened.store.follow({ namespace, name: 'a' }, []);
      await patchSecret(login, 'unseen');
      await cluster.apply(relayManifest(namespace, 'b'));
      await eventually(() => expect(opened.woken.at(-1)).toBe(`${namespace}/b`));
      expect(opened.woken).toHaveLength(4);
      expect(opened.problems).toEqual([]);
    },
  );

  test.each(['Cluster', 'Namespaces', 'Named'] as const)(
    'with secret access %s the first Secret and the first ConfigMap of a namespace wake too',
    async (secretAccess) => {
      const namespace = await cluster.createNamespace('first');
      await cluster.apply(relayManifest(namespace, 'a'));
      const opened = await open(namespace, { secretAccess, timings: { backoff: { baseMs: 60_000, maxMs: 60_000 } } });
      await opened.started;
      opened.store.follow({ namespace, name: 'a' }, [
        { kind: 'Secret', namespace, name: 'login' },
        { kind: 'ConfigMap', namespace, name: 'bundle' },
      ]);
      // Both lists are done, and nothing failed: the next try would be in a minute.
      await eventually(() => expect(opened.watches()).toBe(3));
      opened.woken.length = 0;
      await cluster.apply(secretManifest(namespace, 'login', 'x'));
      await eventually(() => expect(opened.woken).toHaveLength(1));
      await cluster.apply(configMapManifest(namespace, 'bundle', 'x'));
      await eventually(() => expect(opened.woken).toHaveLength(2));
      expect(opened.problems).toEqual([]);
    },
  );

  test('what lists and watches carry of a Secret is metadata only', async () => {
    const namespace = await cluster.createNamespace('metadata');
    const { client } = await open(namespace);
    const secrets = { group: '', version: 'v1', resource: 'secrets', namespace, metadataOnly: true };
    await cluster.apply(secretManifest(namespace, 'login', 'unmistakable'));
    const listed = await client.call(listRequest(secrets, { limit: 10, from: undefined }));
    const watch = await client.open(watchRequest(secrets, { version: '0', seconds: 30 }), AbortSignal.timeout(30_000));
    if (listed.kind !== 'ok' || watch.kind !== 'open') throw new Error(JSON.stringify([listed, watch]));
    const list = JSON.stringify(listed.body);
    expect(list).toContain('"kind":"PartialObjectMetadataList"');
    let event = '';
    for await (const chunk of watch.chunks) {
      event += chunk;
      if (event.includes('\n')) break;
    }
    expect(event).toContain('"kind":"PartialObjectMetadata"');
    for (const text of [list, event]) {
      expect(text).toContain('"name":"login"');
      expect(text).not.toContain('unmistakable');
      expect(text).not.toContain(Buffer.from('unmistakable').toString('base64'));
    }
  });

  test('with Named secret access the right to each object by its name suffices', async () => {
    const namespace = await cluster.createNamespace('least');
    await cluster.apply(relayManifest(namespace, 'a'), secretManifest(namespace, 'login', 'old'));
    const kubeconfig = await cluster.kubeconfigFor({
      namespace,
      name: 'named',
      grants: [
        relayGrant(namespace),
        {
          namespace,
          apiGroups: [''],
          resources: ['secrets'],
          resourceNames: ['login'],
          verbs: ['get', 'list', 'watch'],
        },
      ],
    });
    const opened = await open(namespace, { kubeconfig, secretAccess: 'Named' });
    await opened.started;
    const login: Reference = { kind: 'Secret', namespace, name: 'login' };
    opened.store.follow({ namespace, name: 'a' }, [login]);
    expect((await opened.store.read(login)).kind).toBe('found');
    opened.woken.length = 0;
    await patchSecret(login, 'new');
    await eventually(() => expect(opened.woken).toEqual([`${namespace}/a`]));
    expect(opened.problems).toEqual([]);
    expect(await opened.store.read({ ...login, name: 'other' })).toEqual({
      kind: 'denied',
      verb: 'get',
      resource: 'secrets',
      namespace,
    });
  });

  test('a missing right is told with verb, resource and namespace, and its grant heals without a restart', async () => {
    const namespace = await cluster.createNamespace('denied');
    await cluster.apply(relayManifest(namespace, 'a'));
    const account = { namespace, name: 'late' };
    const kubeconfig = await cluster.kubeconfigFor({ ...account, grants: [] });
    const opened = await open(namespace, { kubeconfig });
    await eventually(() => expect(opened.problems).toHaveLength(1));
    expect(opened.problems[0]?.subject).toBe(`watch smtprelays in namespace ${namespace}`);
    expect(opened.problems[0]?.message).toContain(
      `cannot list smtprelays in namespace ${namespace}: RBAC does not allow it; grant the verbs list and watch on smtprelays.relaykeeper.dev`,
    );
    await cluster.grant({ ...account, grants: [relayGrant(namespace)] });
    await opened.started;
    expect(opened.store.list()).toEqual([{ namespace, name: 'a' }]);
    await eventually(() => expect(opened.problems.at(-1)?.message).toBeUndefined());
    expect(await opened.store.writeStatus(must(opened, namespace, 'a'), readyStatus)).toEqual({
      kind: 'denied',
      verb: 'patch',
      resource: 'smtprelays/status',
      namespace,
    });
    await opened.store.record({
      regarding: must(opened, namespace, 'a'),
      type: 'Normal',
      reason: 'R',
      action: 'A',
      note: '',
    });
    expect(opened.problems.at(-1)).toMatchObject({ subject: `create events in namespace ${namespace}` });
  });

  test('start ends when it is stopped, also before the first list', async () => {
    const namespace = await cluster.createNamespace('stopped');
    const kubeconfig = await cluster.kubeconfigFor({ namespace, name: 'none', grants: [] });
    const opened = await open(namespace, { kubeconfig });
    await eventually(() => expect(opened.problems).toHaveLength(1));
    opened.stop();
    await opened.started;
    expect(opened.store.list()).toEqual([]);
  });

  const patchSecret = (secret: Reference, password: string) =>
    cluster.apply(secretManifest(secret.namespace, secret.name, password));
  const create = (secret: Reference) => patchSecret(secret, 'again');
  const remove = async (secret: Reference) => {
    await cluster.kubectl(['delete', 'secret', secret.name, '-n', secret.namespace, '--wait=false']);
  };
});

function relayGrant(namespace: string): Grant {
  return { namespace, apiGroups: ['relaykeeper.dev'], resources: ['smtprelays'], verbs: ['get', 'list', 'watch'] };
}
