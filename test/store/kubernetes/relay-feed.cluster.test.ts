import { expect, onTestFinished, test } from 'vitest';
import { keyText } from '../../../src/api/resource.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { createKubernetesStore } from '../../../src/store/kubernetes/kubernetes-store.ts';
import { startRelayFeed } from '../../../src/store/kubernetes/relay-feed.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { relayManifest } from './manifests.ts';
import { eventually, openTestStore } from './open-test-store.ts';

describeWithCluster('one set of watches for two stores', () => {
  const cluster = sharedControlPlane();

  test('both see every relay, each hears of what the other writes, and one that ends leaves the other be', async () => {
    const namespace = await cluster.createNamespace('feed');
    await cluster.apply(relayManifest(namespace, 'corporate'));
    const own = await openTestStore({ kubeconfig: cluster.kubeconfigPath, namespaces: [namespace] });
    await own.started;
    const before = own.watches();
    const scope = { client: own.client, namespaces: [namespace], clock: systemClock, random: Math.random };
    const problem = ({ message }: { readonly message: string | undefined }) => expect(message).toBeUndefined();
    const end = new AbortController();
    onTestFinished(() => end.abort());
    const feed = startRelayFeed({ ...scope, problem }, end.signal);
    const open = async (signal: AbortSignal) => {
      const woken: string[] = [];
      const store = createKubernetesStore({ ...scope, feed, secretAccess: 'Cluster', identity: 'relaykeeper-0' });
      await store.start({ relayChanged: (key) => woken.push(keyText(key)), problem }, signal);
      return { store, woken };
    };
    const term = new AbortController();
    const [leader, sender] = [await open(term.signal), await open(end.signal)];
    expect(own.watches() - before).toBe(1);

    const corporate = leader.store.get({ namespace, name: 'corporate' });
    if (!corporate) throw new Error('the relay is not seen');
    expect(await leader.store.writeStatus(corporate, { observedGeneration: 1 })).toEqual({ kind: 'written' });
    // At once, or a second time where the watch was faster than the answer.
    expect(sender.woken).toContain(`${namespace}/corporate`);
    expect(sender.store.get({ namespace, name: 'corporate' })?.status?.observedGeneration).toBe(1);

    term.abort();
    await cluster.apply(relayManifest(namespace, 'backup'));
    await eventually(() => expect(sender.woken).toContain(`${namespace}/backup`));
    expect(leader.woken).not.toContain(`${namespace}/backup`);
  });
});
