import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ControlPlane } from '../../control-plane/control-plane.ts';
import { describeWithCluster, ownControlPlane, sharedControlPlane } from '../../control-plane/shared.ts';
import { relayManifest } from './manifests.ts';
import { eventually, openTestStore } from './open-test-store.ts';
import { startTcpProxy } from './tcp-proxy.ts';

describeWithCluster('a watch on an API server that is killed', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await ownControlPlane();
  });
  afterAll(() => cluster.stop());

  test('goes on after it is back, with what was deleted and made meanwhile', async () => {
    const namespace = await cluster.createNamespace('kill');
    await cluster.apply(relayManifest(namespace, 'kept'), relayManifest(namespace, 'deleted'));
    const opened = await openTestStore({ kubeconfig: cluster.kubeconfigPath, namespaces: [namespace] });
    await opened.started;
    for (const round of ['one', 'two']) {
      await cluster.killApiServer();
      await eventually(() => expect(opened.problems.at(-1)?.message).toContain('the API server cannot be reached'));
      expect(opened.store.list().length).toBeGreaterThanOrEqual(2);
      await cluster.startApiServer();
      await eventually(() => expect(opened.problems.at(-1)?.message).toBeUndefined(), 60_000);
      await cluster.apply(relayManifest(namespace, `new-${round}`));
      await eventually(() => expect(opened.woken.at(-1)).toBe(`${namespace}/new-${round}`));
    }
    await cluster.kubectl(['delete', 'smtprelay', 'deleted', '-n', namespace]);
    await eventually(() => {
      const names = opened.store.list().map(({ name }) => name);
      expect(names.sort()).toEqual(['kept', 'new-one', 'new-two']);
    });
  });
});

describeWithCluster('a watch whose connection goes silent', () => {
  const cluster = sharedControlPlane();

  test('is given up after its deadline and opened anew; what was missed is seen', async () => {
    const namespace = await cluster.createNamespace('silent');
    await cluster.apply(relayManifest(namespace, 'a'), relayManifest(namespace, 'b'));
    const proxy = await startTcpProxy(Number(new URL(cluster.url).port));
    const kubeconfig = throughPort(cluster.kubeconfigPath, proxy.port);
    const opened = await openTestStore({ kubeconfig, namespaces: [namespace], timings: { silentMs: 1_500 } });
    await opened.started;
    await cluster.apply(relayManifest(namespace, 'seen'));
    await eventually(() => expect(opened.woken.at(-1)).toBe(`${namespace}/seen`));
    proxy.silenceOpen();
    await cluster.kubectl(['delete', 'smtprelay', 'a', '-n', namespace]);
    await eventually(() => expect(opened.store.get({ namespace, name: 'a' })).toBeUndefined());
    await cluster.apply(relayManifest(namespace, 'later'));
    await eventually(() => expect(opened.woken.at(-1)).toBe(`${namespace}/later`));
    expect(opened.store.staleness()).toBeLessThan(60_000);
  });
});

describeWithCluster('a watch that the server ends by its timeout', () => {
  const cluster = sharedControlPlane();

  test('goes on where it was, and wakes nobody for what was seen', async () => {
    const namespace = await cluster.createNamespace('timeout');
    await cluster.apply(relayManifest(namespace, 'a'));
    const opened = await openTestStore({
      kubeconfig: cluster.kubeconfigPath,
      namespaces: [namespace],
      timings: { watchSeconds: 1, calmMs: 500 },
    });
    await opened.started;
    for (let i = 0; i < 3; i++) {
      const ended = opened.watches();
      await eventually(() => expect(opened.watches()).toBeGreaterThan(ended));
      const host = `mail-${i}.example.com`;
      await cluster.apply(relayManifest(namespace, 'a', host));
      await eventually(() => {
        expect(opened.store.get({ namespace, name: 'a' })?.manifest).toMatchObject({ spec: { host } });
      });
    }
    expect(opened.woken).toHaveLength(4);
    expect(opened.problems).toEqual([]);
  });
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
