import { openClient } from '../../src/store/kubernetes/open-client.ts';
import { createSecretSegments } from '../../src/store/kubernetes/secret-segments.ts';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { compactingConformance } from './compacting.ts';

describeWithCluster('the ledger in Secrets', () => {
  const cluster = sharedControlPlane();

  compactingConformance(async () => {
    const namespace = await cluster.createNamespace('compact');
    const opened = await openClient({ kubeconfig: cluster.kubeconfigPath, environment: {}, qps: 500 });
    if (opened.kind === 'unusable') throw new Error(opened.message);
    const { client } = opened;
    return () => createSecretSegments(client, namespace);
  });
});
