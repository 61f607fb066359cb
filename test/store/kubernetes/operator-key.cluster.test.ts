import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import { operatorKey, storedOperatorKey } from '../../../src/store/kubernetes/operator-key.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';

describeWithCluster("the operator's key", () => {
  const cluster = sharedControlPlane();
  const clientOf = async (kubeconfig = cluster.kubeconfigPath) => {
    const opened = await openClient({ kubeconfig, environment: {}, qps: 500 });
    if (opened.kind === 'unusable') throw new Error(opened.message);
    return opened.client;
  };

  test('is made once, also by replicas that start together, and is the same ever after', async () => {
    const namespace = await cluster.createNamespace('key');
    const client = await clientOf();
    expect(await storedOperatorKey({ client, namespace })).toBeUndefined();
    const keys = await Promise.all(Array.from({ length: 8 }, () => operatorKey({ client, namespace, randomBytes })));
    const later = await operatorKey({ client, namespace, randomBytes });
    expect(later).toMatchObject({ kind: 'key' });
    for (const key of keys) expect(key).toEqual(later);
    expect(await storedOperatorKey({ client, namespace })).toEqual(later);
    const stored = await cluster.kubectl(['get', 'secret', 'relaykeeper-key', '-n', namespace, '-o', 'json']);
    expect(JSON.parse(stored.stdout)).toMatchObject({ type: 'relaykeeper.dev/key', immutable: true });
  });

  test('is never replaced where it is damaged: that is said', async () => {
    const namespace = await cluster.createNamespace('key');
    await cluster.kubectl([
      'create',
      'secret',
      'generic',
      'relaykeeper-key',
      '-n',
      namespace,
      '--from-literal=key=short',
    ]);
    const key = await operatorKey({ client: await clientOf(), namespace, randomBytes });
    expect(key).toEqual({
      kind: 'failed',
      message: expect.stringContaining(`Secret ${namespace}/relaykeeper-key is not of type relaykeeper.dev/key`),
    });
    expect(JSON.stringify(key)).not.toContain('short');
  });

  test('needs get and create on Secrets of its namespace, and says so', async () => {
    const namespace = await cluster.createNamespace('key');
    const account = { namespace, name: 'operator' };
    const client = await clientOf(await cluster.kubeconfigFor({ ...account, grants: [] }));
    const key = () => operatorKey({ client, namespace, randomBytes });
    expect(await key()).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(`cannot get Secret ${namespace}/relaykeeper-key: RBAC does not allow it`),
    });
    const grants = [{ namespace, apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'] }];
    await cluster.grant({ ...account, grants });
    await expect.poll(key, { timeout: 20_000 }).toMatchObject({ kind: 'key' });
  });
});
