// docs/tutorial.md on a cluster, in a namespace of its own in place of "mail".
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../control-plane/run.ts';
import { bundledProgram, describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { startOperator } from '../end-to-end/operator.ts';
import { eventually } from '../store/eventually.ts';
import { blocksOf, mended, startTutorial } from './tutorial.ts';

const commands = blocksOf('sh').flatMap((text) => text.trim().split('\n'));

describeWithCluster('the tutorial on a cluster', () => {
  const cluster = sharedControlPlane();

  test('its commands bring the mail to the mail server', async () => {
    const namespace = await cluster.createNamespace('tutorial');
    const { directory, put, shown } = await startTutorial();
    const here = (text: string) => text.replaceAll('namespace: mail', `namespace: ${namespace}`);
    const words = (beginning: string): string[] => {
      const found =
        commands.find((line) => line === beginning) ?? commands.findLast((line) => line.startsWith(beginning));
      if (found === undefined) throw new Error(`the page has no command ${beginning}`);
      return found.split(' ').map((word) => (word === 'mail' ? namespace : word.replace(/^mail\//, `${directory}/`)));
    };
    const kubectl = async (beginning: string) => {
      expect(await cluster.kubectl(words(beginning).slice(1))).toMatchObject({ code: 0 });
    };
    put('relay.yaml', (text) => here(mended(text)));
    put('policy.yaml', here);
    // The mail server wrote its CA for the namespace "mail".
    await run('sed', ['-i', `s/namespace: mail/namespace: ${namespace}/`, join(directory, 'ca.yaml')], {});

    await kubectl('kubectl apply -f mail/');
    startOperator({ kubeconfig: cluster.kubeconfigPath, namespace, args: words('npx relaykeeper run').slice(3) });
    await kubectl('kubectl wait');
    await kubectl('kubectl get relays,npol');
    put('jane.yaml', here);
    await kubectl('kubectl apply -f mail/jane.yaml');
    await eventually('the mail is shown', () => shown().includes('Password: correct-horse-7'), { within: 60_000 });
    await eventually('explain says so', async () => {
      const args = [...words('npx relaykeeper explain').slice(2), '--kubeconfig', cluster.kubeconfigPath];
      const { stdout } = await run(process.execPath, [bundledProgram().program, ...args], {});
      return / Sent +\S+\/local: 250 /.test(stdout);
    });
  }, 180_000);
});
