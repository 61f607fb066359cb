import { expect, test } from 'vitest';
import { largestSegment } from '../../../src/mail/ledger/segment.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import { createSecretSegments } from '../../../src/store/kubernetes/secret-segments.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';

describeWithCluster('segments on a real API server', () => {
  const cluster = sharedControlPlane();

  const setUp = async () => {
    const namespace = await cluster.createNamespace('ledger');
    const opened = await openClient({ kubeconfig: cluster.kubeconfigPath, environment: {}, qps: 500 });
    if (opened.kind === 'unusable') throw new Error(opened.message);
    return { namespace, segments: createSecretSegments(opened.client, namespace) };
  };

  test('are written once, listed without other Secrets, read and removed', async () => {
    const { namespace, segments } = await setUp();
    await cluster.kubectl(['create', 'secret', 'generic', 'ledger-of-another', '-n', namespace]);
    const bytes = Buffer.alloc(largestSegment, 'a segment as large as they get \xff\0', 'latin1');
    expect(await segments.create('one', bytes)).toEqual({ kind: 'written' });
    expect(await segments.create('one', Buffer.from('another'))).toEqual({ kind: 'exists' });
    expect(await segments.create('two', Buffer.from('2'))).toEqual({ kind: 'written' });
    expect(await segments.list()).toEqual(['one', 'two']);
    expect((await segments.read('one'))?.equals(bytes)).toBe(true);
    expect(await segments.read('three')).toBeUndefined();
    await segments.remove('one');
    await segments.remove('one');
    expect(await segments.list()).toEqual(['two']);
  });

  test('cannot be changed by others, and say in words where they cannot be written', async () => {
    const { namespace, segments } = await setUp();
    await segments.create('one', Buffer.from('1'));
    const patch = ['patch', 'secret', 'ledger-one', '-n', namespace, '-p', '{"stringData":{"segment":"changed"}}'];
    expect((await cluster.kubectl(patch)).stderr).toContain('immutable');
    await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    expect(await segments.create('two', Buffer.from('2'))).toEqual({
      kind: 'unavailable',
      message: expect.stringMatching(/^cannot create ledger segment two: the API server answered 403 /),
    });
  });
});
