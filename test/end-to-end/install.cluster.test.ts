// The first minutes of a user, on a cluster that has never heard of relays.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { describeWithCluster, ownControlPlane } from '../control-plane/shared.ts';
import { eventually } from '../store/eventually.ts';
import { startOperator } from './operator.ts';
import { operatorRights } from './rights.ts';

const root = join(import.meta.dirname, '../..');

describeWithCluster('on a new cluster', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await ownControlPlane();
  });
  afterAll(() => cluster.stop());

  test('CRDs and examples are applied, held to their schema, and each example is judged', async () => {
    const files = ['-f', join(root, 'crds'), '-f', join(root, 'examples')];
    const applied = await cluster.kubectl(['apply', '--server-side', '--validate=strict', ...files]);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    const kubeconfig = await cluster.kubeconfigFor({
      namespace: 'mail',
      name: 'relaykeeper',
      grants: operatorRights('mail'),
    });
    const operator = startOperator({ kubeconfig, namespace: 'mail' });
    await eventually('every example has a verdict', async () => {
      const { stdout } = await cluster.kubectl(['get', 'relays', '-A', '--no-headers']);
      const rows = stdout.trim().split('\n');
      return rows.length > 4 && rows.every((row) => / (True|False|Unknown) +[A-Z][A-Za-z]+/.test(row));
    });
    expect(operator.log.filter(({ level }) => level > 40).map(({ msg }) => msg)).toEqual([]);
  });
});
