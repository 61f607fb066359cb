// What an administrator narrows: namespaces, and addresses that nobody may reach through the operator.
import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { startOperator } from './operator.ts';
import { narrowed, operatorRights } from './rights.ts';
import { plainRelay, startMailServer } from './servers.ts';
import { allowLoopback, createWorld } from './world.ts';

describeWithCluster('an operator', () => {
  const cluster = sharedControlPlane();

  test('with --namespace works with rights in those namespaces alone, and leaves the others be', async () => {
    const [one, two, other] = [
      await createWorld(cluster, 'scope'),
      await createWorld(cluster, 'scope'),
      await createWorld(cluster, 'scope'),
    ];
    const server = await startMailServer();
    for (const world of [one, two, other]) await world.apply('relay', plainRelay(server.port));
    const names = [one.namespace, two.namespace];
    const rights = operatorRights(one.namespace).flatMap((right) => {
      // A namespace is in none: it is granted by its name.
      if (right.resources.includes('namespaces')) return [{ ...right, resourceNames: names }];
      return right.namespace === undefined ? names.map((namespace) => ({ ...right, namespace })) : [right];
    });
    await one.grant(rights);
    const namespaces = ['-n', one.namespace, '--namespace', two.namespace];
    const operator = startOperator({
      kubeconfig: one.kubeconfig,
      namespace: one.namespace,
      args: [...namespaces, '--secret-access', 'Namespaces', ...allowLoopback],
    });
    await one.untilReady('relay', { status: 'True' });
    await two.untilReady('relay', { status: 'True' });
    expect((await other.relay('relay')).status?.conditions).toBeUndefined();
    expect(server.connections()).toBe(2);
    expect(operator.log.filter(({ level }) => level >= 50)).toEqual([]);
    expect((await one.requests()).filter(({ code }) => code === 403)).toEqual([]);
  });

  test('reaches no loopback address unless it is told to', async () => {
    const world = await createWorld(cluster, 'denied');
    const server = await startMailServer();
    await world.grant(narrowed(operatorRights(world.namespace), 'secrets', { namespace: world.namespace }));
    await world.apply('address', plainRelay(server.port));
    await world.apply('name', plainRelay(server.port, { host: 'localhost' }));
    startOperator({ kubeconfig: world.kubeconfig, namespace: world.namespace, args: ['-n', world.namespace] });
    for (const name of ['address', 'name']) {
      const seen = await world.untilReady(name, { status: 'False', reason: 'AddressNotAllowed' });
      expect(seen.status?.lastProbe).toMatchObject({
        failedStage: 'Resolve',
        message: expect.stringContaining('127.0.0.1'),
      });
    }
    expect(server.connections()).toBe(0);
  });
});
