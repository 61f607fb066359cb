// What a user does first: `kubectl apply -f crds/`, then `kubectl apply -f examples/`.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';

const root = join(import.meta.dirname, '../..');

describeWithCluster('the examples', () => {
  test('kubectl applies them, and the API server takes them without a warning', async () => {
    const applied = await sharedControlPlane().kubectl(['apply', '-f', join(root, 'examples')]);
    expect(applied.stderr).toBe('');
    expect(applied.code).toBe(0);
    const files = (await readdir(join(root, 'examples'))).filter((name) => name.endsWith('.yaml'));
    const relays = applied.stdout.split('\n').filter((line) => line.startsWith('smtprelay.relaykeeper.dev/'));
    expect(relays).toHaveLength(files.length - 1);
    const listed = await sharedControlPlane().kubectl(['get', 'relays', '-n', 'mail', '-o', 'wide']);
    expect(listed.stdout).toMatch(/^NAME +HOST +PORT +TLS +READY +REASON/);
  });

  test('kstatus does not take one for ready before the operator has seen it', async () => {
    const namespace = await sharedControlPlane().createNamespace('unseen');
    await sharedControlPlane().apply({
      apiVersion: 'relaykeeper.dev/v1alpha1',
      kind: 'SmtpRelay',
      metadata: { name: 'new', namespace },
      spec: { host: 'mail.example.com' },
    });
    const read = await sharedControlPlane().kubectl(['get', 'relay', 'new', '-n', namespace, '-o', 'json']);
    const relay = JSON.parse(read.stdout);
    expect(relay.metadata.generation).toBe(1);
    expect(relay.status).toEqual({ observedGeneration: -1 });
  });
});
