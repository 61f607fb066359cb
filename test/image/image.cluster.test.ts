// The image as a pod of the cluster would run it: with a service account's files, and the rights that are installed.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { createWorld } from '../end-to-end/world.ts';
import { plain, startServer } from '../relays/servers.ts';
import { type BuiltImage, buildImage } from './built-image.ts';
import { canEnter, startInImage } from './in-image.ts';

describeWithCluster('the image', () => {
  const cluster = sharedControlPlane();

  describe.skipIf(!canEnter)('in a pod', () => {
    let image: BuiltImage;
    beforeAll(async () => {
      image = await buildImage({});
    }, 180_000);
    afterAll(() => image.remove());

    test('runs with the account of its pod, and stops when it is told to', async () => {
      const world = await createWorld(cluster, 'image');
      const server = await startServer();
      await world.apply('corporate', plain(server.port));
      await giveAccount(image, world);
      const { hostname, port } = new URL(cluster.url);
      const environment = {
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: port,
        POD_NAME: 'relaykeeper-0',
        POD_NAMESPACE: world.namespace,
      };
      const args = ['-n', world.namespace];
      const running = startInImage(image, ['run', ...args, '--allow-local-addresses'], environment);
      await world.untilReady('corporate', { status: 'True' }, { within: 60_000 }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${running.stdout()} ${running.stderr()}`);
      });
      expect(
        await world.kubectl('get', 'lease', 'relaykeeper-probes', '-o', 'jsonpath={.spec.holderIdentity}'),
      ).toMatch(/^relaykeeper-0_/);
      const { stdout } = await startInImage(image, ['doctor', ...args], environment).ended;
      expect(stdout).toContain(`system:serviceaccount:${world.namespace}:relaykeeper may get, list, watch smtprelays`);
      running.signal('SIGTERM');
      expect((await running.ended).code).toBe(0);
    }, 120_000);
  });
});

interface Place {
  readonly namespace: string;
  readonly kubeconfig: string;
}

/** As the kubelet mounts it. */
async function giveAccount({ root }: BuiltImage, { namespace, kubeconfig }: Place): Promise<void> {
  const { clusters, users } = JSON.parse(await readFile(kubeconfig, 'utf8'));
  const directory = join(root, 'var/run/secrets/kubernetes.io/serviceaccount');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'ca.crt'), await readFile(clusters[0].cluster['certificate-authority']));
  await writeFile(join(directory, 'token'), users[0].user.token);
  await writeFile(join(directory, 'namespace'), namespace);
  for (const name of ['ca.crt', 'token', 'namespace']) await chmod(join(directory, name), 0o644);
}
