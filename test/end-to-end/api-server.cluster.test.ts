// The API server goes away and comes back: the operator goes on, and does not make it worse.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { describeWithCluster, ownControlPlane } from '../control-plane/shared.ts';
import { eventually } from '../store/eventually.ts';
import { startTcpProxy } from '../store/kubernetes/tcp-proxy.ts';
import { startOperator } from './operator.ts';
import { plainRelay, startMailServer } from './servers.ts';
import { allowLoopback, createWorld } from './world.ts';

describeWithCluster('an API server that is killed and started again', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await ownControlPlane();
  });
  afterAll(() => cluster.stop());

  test('finds the operator going on: it writes and is woken as before, probes nothing twice, and has not stormed', async () => {
    const world = await createWorld(cluster, 'restart');
    const server = await startMailServer();
    const relays = Array.from({ length: 20 }, (_, index) => `relay-${index}`);
    for (const name of relays) await world.apply(name, plainRelay(server.port));
    const proxy = await startTcpProxy(Number(new URL(cluster.url).port));
    const operator = startOperator({
      kubeconfig: throughPort(world.kubeconfig, proxy.port),
      namespace: world.namespace,
      args: ['-n', world.namespace, ...allowLoopback],
    });
    for (const name of relays) await world.untilReady(name, { status: 'True' });

    const connectionsBefore = proxy.connections();
    await cluster.killApiServer();
    await eventually('the operator says so', () => operator.says('the API server cannot be reached'));
    // Longer than its term as leader lasts without the API server; what is tested is what it does not do meanwhile.
    await wait(15_000);
    expect(proxy.connections() - connectionsBefore).toBeLessThan(60);

    await cluster.startApiServer();
    const back = Date.now();
    await eventually(
      'it is leader again',
      () => operator.log.findLast(({ msg }) => / probes$/.test(msg))?.msg === 'this replica probes',
      {
        within: 60_000,
      },
    );
    // A watch that failed over and over is opened again after half a minute at most.
    const probed = await world.requestProbe('relay-0', { within: 60_000 });
    expect(probed.status?.lastProbe?.outcome).toBe('Succeeded');
    expect(Date.parse(probed.status?.lastProbe?.time ?? '')).toBeGreaterThan(back - 1_000);
    await world.apply('new', plainRelay(server.port));
    await world.untilReady('new', { status: 'True' });
    // Twenty at first, the one that was asked for, and the new one.
    expect(server.connections()).toBe(relays.length + 2);
    const others = (await world.requests()).filter(({ at, resource }) => at > back && resource !== 'leases');
    expect(others.length).toBeLessThan(25);
    operator.signal('SIGTERM');
    expect(await operator.ended).toBe(0);
  }, 180_000);
});

/** The same kubeconfig by way of another port. */
function throughPort(kubeconfigPath: string, port: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'relaykeeper-kubeconfig-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const config = JSON.parse(readFileSync(kubeconfigPath, 'utf8'));
  config.clusters[0].cluster.server = `https://127.0.0.1:${port}`;
  const path = join(directory, 'kubeconfig');
  writeFileSync(path, JSON.stringify(config));
  return path;
}
