import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from './shared.ts';

describeWithCluster('the control plane', () => {
  const controlPlane = () => sharedControlPlane();

  test('it is a current Kubernetes with the CRDs established', async () => {
    const version = await controlPlane().kubectl(['get', '--raw', '/version']);
    expect(JSON.parse(version.stdout)).toMatchObject({
      major: '1',
      gitVersion: expect.stringMatching(/^v1\.\d+\.\d+$/),
    });
    const explained = await controlPlane().kubectl(['explain', 'smtprelay.spec.tls']);
    expect(explained.code, explained.stderr).toBe(0);
    expect(explained.stdout).toContain('caSecretRef');
  });

  test('a service account may do what it was granted and nothing more', async () => {
    const namespace = await controlPlane().createNamespace('rbac');
    const kubeconfig = await controlPlane().kubeconfigFor({
      namespace,
      name: 'reader',
      grants: [{ namespace, apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }],
    });
    const list = (kind: string) => controlPlane().kubectl(['--kubeconfig', kubeconfig, 'get', kind, '-n', namespace]);
    expect((await list('configmaps')).code).toBe(0);
    const refused = await list('secrets');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`cannot list resource "secrets" in API group "" in the namespace "${namespace}"`);
  });
});
