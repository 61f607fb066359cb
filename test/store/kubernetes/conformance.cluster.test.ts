// The Kubernetes adapter behaves as the Store port asks: two namespaces a test on the shared API server.
import { systemClock } from '../../../src/store/clock.ts';
import { createKubernetesStore } from '../../../src/store/kubernetes/kubernetes-store.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { type StoreWorld, storeConformance } from '../store-conformance.ts';

describeWithCluster.each(['Cluster', 'Namespaces', 'Named'] as const)('with secret access %s', (secretAccess) => {
  const cluster = sharedControlPlane();

  storeConformance(async (): Promise<StoreWorld> => {
    const [namespace, otherNamespace] = [
      await cluster.createNamespace('world'),
      await cluster.createNamespace('world'),
    ];
    return {
      namespace,
      otherNamespace,
      async open() {
        const opened = await openClient({ kubeconfig: cluster.kubeconfigPath, environment: {}, qps: 500 });
        if (opened.kind === 'unusable') throw new Error(opened.message);
        return createKubernetesStore({
          client: opened.client,
          namespaces: [namespace, otherNamespace],
          secretAccess,
          identity: 'relaykeeper-0',
          clock: systemClock,
          random: Math.random,
        });
      },
      apply: (manifest) => cluster.apply(manifest),
      async remove(kind, key) {
        await cluster.kubectl(['delete', kind, key.name, '-n', key.namespace, '--wait=false']);
      },
      async overwriteStatus(key, status) {
        const patch = JSON.stringify([{ op: 'add', path: '/status', value: status }]);
        const target = ['smtprelay', key.name, '-n', key.namespace, '--subresource=status'];
        await cluster.kubectl(['patch', ...target, '--type=json', '-p', patch]);
      },
    };
  });
});
