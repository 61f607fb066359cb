// The Kubernetes adapter behaves as the PolicyStore port asks: two namespaces a test on the shared API server.
import { inject } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { createKubernetesPolicyStore } from '../../../src/store/kubernetes/kubernetes-policy-store.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { type PolicyWorld, policyConformance } from '../policy-conformance.ts';

const scopes = [
  ['all namespaces and secret access Cluster', { secretAccess: 'Cluster', named: false }],
  ['two namespaces and secret access Cluster', { secretAccess: 'Cluster', named: true }],
  ['all namespaces and secret access Namespaces', { secretAccess: 'Namespaces', named: false }],
] as const;

describeWithCluster.each(scopes)('with %s', (_name, { secretAccess, named }) => {
  // The body runs, to collect its tests, also where they are skipped.
  if (inject('controlPlane').kind === 'absent') return;
  const cluster = sharedControlPlane();

  policyConformance(async (): Promise<PolicyWorld> => {
    const namespace = await cluster.createNamespace('policies');
    const otherNamespace = await cluster.createNamespace('policies');
    return {
      namespace,
      otherNamespace,
      async open() {
        const opened = await openClient({ kubeconfig: cluster.kubeconfigPath, environment: {}, qps: 500 });
        if (opened.kind === 'unusable') throw new Error(opened.message);
        return createKubernetesPolicyStore({
          client: opened.client,
          namespaces: named ? [namespace, otherNamespace] : [],
          secretAccess,
          key: Buffer.alloc(32, 'key'),
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
        const target = ['notificationpolicy', key.name, '-n', key.namespace, '--subresource=status'];
        await cluster.kubectl(['patch', ...target, '--type=json', '-p', patch]);
      },
      async events(of) {
        const list = await cluster.kubectl(['get', 'events.events.k8s.io', '-n', of, '-o', 'json']);
        const items: { type: string; reason: string; note: string; regarding: { kind: string; name: string } }[] =
          JSON.parse(list.stdout).items;
        return items.map(({ type, reason, note, regarding: { kind, name } }) => ({ kind, name, type, reason, note }));
      },
    };
  });
});
