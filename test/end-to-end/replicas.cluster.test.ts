// Two replicas, of which one probes: the other takes over when it ends, is killed or is paused, and never do both.
import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import type { Peer } from '../smtp/hostile-server.ts';
import { eventually } from '../store/eventually.ts';
import { type Operator, startOperator } from './operator.ts';
import { operatorRights } from './rights.ts';
import { plainRelay, startMailServer, startScriptedServer } from './servers.ts';
import { allowLoopback, createWorld, type World } from './world.ts';

interface Replica {
  readonly name: string;
  readonly operator: Operator;
}

describeWithCluster('of two replicas', () => {
  const cluster = sharedControlPlane();

  /** Each with an account of its own, so that the audit log tells them apart. */
  const startReplica = async ({ namespace }: World, name: string): Promise<Replica> => {
    const kubeconfig = await cluster.kubeconfigFor({ namespace, name, grants: operatorRights(namespace) });
    const args = ['-n', namespace, '--identity', name, ...allowLoopback];
    return { name, operator: startOperator({ kubeconfig, namespace, args }) };
  };
  const untilProbing = ({ name, operator }: Replica) =>
    eventually(`${name} probes`, () => operator.log.findLast(isAboutLease)?.msg === 'this replica probes', {
      within: 40_000,
    });
  const untilWaiting = ({ name, operator }: Replica) => eventually(`${name} waits`, () => operator.says(' probes'));

  const startTwo = async (port: number) => {
    const world = await createWorld(cluster, 'replicas');
    await world.apply('relay', plainRelay(port));
    const first = await startReplica(world, 'first');
    await untilProbing(first);
    await world.untilReady('relay', { status: 'True' });
    const second = await startReplica(world, 'second');
    await untilWaiting(second);
    return { world, first, second };
  };

  test('one probes, and each probe that is asked for is one connection', async () => {
    const server = await startMailServer();
    const { world, second } = await startTwo(server.port);
    for (let probes = 2; probes <= 4; probes += 1) {
      await world.requestProbe('relay');
      expect(server.connections()).toBe(probes);
    }
    const written = (await cluster.requestsBy({ namespace: world.namespace, name: second.name })).filter(isWrite);
    expect(written).toEqual([]);
  });

  test('the other takes over at once when the first is told to end, and probes nothing that is not due', async () => {
    const server = await startMailServer();
    const { world, first, second } = await startTwo(server.port);
    const told = performance.now();
    first.operator.signal('SIGTERM');
    expect(await first.operator.ended).toBe(0);
    expect(performance.now() - told).toBeLessThan(5_000);
    await untilProbing(second);
    // A candidate asks every 2 to 4.4 s; had the lease not been given back, it would have taken 10.
    expect(performance.now() - told).toBeLessThan(10_000);
    await world.requestProbe('relay');
    expect(server.connections()).toBe(2);
  });

  test('the other takes over within 15 s when the first is killed', async () => {
    const server = await startMailServer();
    const { world, first, second } = await startTwo(server.port);
    first.operator.signal('SIGKILL');
    const killed = Date.now();
    await first.operator.ended;
    await untilProbing(second);
    const lease = JSON.parse(await world.kubectl('get', 'lease', 'relaykeeper-probes', '-o', 'json'));
    expect(lease.spec.holderIdentity).toMatch(/^second_/);
    expect(Date.parse(lease.spec.acquireTime) - killed).toBeLessThan(15_000);
    await world.requestProbe('relay');
    expect(server.connections()).toBe(2);
  }, 90_000);

  test('the first, paused in the middle of a probe past its lease, writes nothing when it goes on, until it is elected again', async () => {
    const server = await startHesitantServer();
    const { world, first, second } = await startTwo(server.port);
    server.hesitate();
    await world.kubectl('annotate', 'relay', 'relay', 'relaykeeper.dev/probe-requested=mid-probe');
    const waiting = await server.connected();
    first.operator.signal('SIGSTOP');
    await untilProbing(second);
    const answered = await world.requestProbe('relay');
    const resumed = Date.now();
    first.operator.signal('SIGCONT');
    waiting.send('554 5.3.2 What the first may not tell any more\r\n');
    await eventually('the first knows', () => first.operator.says('this replica no longer probes'));
    await eventually('the first waits', () => first.operator.log.findLast(isAboutLease)?.msg.startsWith('second_'));
    expect((await world.requestProbe('relay')).status?.conditions).toEqual(answered.status?.conditions);
    const firstWrote = async () =>
      (await cluster.requestsBy({ namespace: world.namespace, name: first.name })).filter(
        (request) => isWrite(request) && request.at > resumed,
      );
    expect(await firstWrote()).toEqual([]);
    second.operator.signal('SIGTERM');
    await untilProbing(first);
    await world.requestProbe('relay');
    expect((await firstWrote()).map(({ resource }) => resource)).toContain('smtprelays/status');
  }, 120_000);
});

describeWithCluster('an operator whose server does not answer', () => {
  test('ends within 5 s of SIGTERM, and leaves the status as it was', async () => {
    const server = await startHesitantServer();
    const world = await createWorld(sharedControlPlane(), 'sigterm');
    await world.apply('relay', plainRelay(server.port));
    const operator = world.startOperator();
    const { status } = await world.untilReady('relay', { status: 'True' });
    server.hesitate();
    await world.kubectl('annotate', 'relay', 'relay', 'relaykeeper.dev/probe-requested=now');
    await server.connected();
    const told = performance.now();
    operator.signal('SIGTERM');
    expect(await operator.ended).toBe(0);
    expect(performance.now() - told).toBeLessThan(5_000);
    expect((await world.relay('relay')).status).toEqual(status);
  });

  test('ends at once also while it starts', async () => {
    const world = await createWorld(sharedControlPlane(), 'early');
    for (const said of ['relaykeeper starts', 'this replica probes']) {
      const operator = world.startOperator();
      await eventually(`it says ${said}`, () => operator.says(said));
      const told = performance.now();
      operator.signal('SIGTERM');
      expect(await operator.ended).toBe(0);
      expect(performance.now() - told).toBeLessThan(5_000);
    }
  });
});

/** A mail server that, once told to, takes its time with the greeting of one connection, for as long as the test likes. */
async function startHesitantServer() {
  const waiting = Promise.withResolvers<Peer>();
  let hesitates = false;
  const server = await startScriptedServer((peer) => {
    if (!hesitates) return undefined;
    hesitates = false;
    waiting.resolve(peer);
    return peer.closed;
  });
  return {
    port: server.port,
    hesitate: () => {
      hesitates = true;
    },
    connected: () => waiting.promise,
  };
}

function isAboutLease({ msg }: { readonly msg: string }): boolean {
  return /probes$|^waiting for the lease$/.test(msg);
}

function isWrite({ verb, resource }: { readonly verb: string; readonly resource: string }): boolean {
  return verb !== 'get' && verb !== 'list' && verb !== 'watch' && resource !== 'leases';
}
