// The kubernetes engine behaves as the Outbox port asks: a namespace a test on the shared API server.
import { onTestFinished } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { outboxConformance } from './conformance.ts';
import { openTestReplica } from './open-test-kubernetes.ts';

describeWithCluster('the kubernetes engine', () => {
  outboxConformance(async () => {
    const cluster = sharedControlPlane();
    const namespace = await cluster.createNamespace('outbox');
    return {
      async open(options) {
        const kubeconfig = cluster.kubeconfigPath;
        const opened = await openTestReplica({ kubeconfig, namespace, identity: 'relaykeeper-0', ...options });
        onTestFinished(() => opened.outbox.close());
        return opened;
      },
      async stored() {
        const { stdout } = await cluster.kubectl(['get', 'secrets', '-n', namespace, '-o', 'json']);
        const secrets: { readonly data?: Record<string, string> }[] = JSON.parse(stdout).items;
        const bodies = secrets.flatMap(({ data }) => Object.values(data ?? {}));
        return `${stdout}\n${bodies.map((body) => Buffer.from(body, 'base64').toString()).join('\n')}`;
      },
    };
  });
});
