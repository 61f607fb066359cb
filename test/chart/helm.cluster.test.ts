// The chart on a real API server: what it renders is accepted, and helm installs, upgrades, rolls back and removes it.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { describeWithCluster, ownControlPlane } from '../control-plane/shared.ts';
import { eventually } from '../store/eventually.ts';
import { chart, describeWithHelm, helm, podOf, rendered, root, template } from './helm.ts';
import { valueCases } from './value-cases.ts';

describeWithCluster('the API server', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    // A plane of its own: the definitions become helm's, come and go.
    cluster = await ownControlPlane();
    for (const namespace of ['mail', 'guests']) await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['label', 'namespace', 'mail', 'pod-security.kubernetes.io/enforce=restricted']);
  });
  afterAll(() => cluster.stop());

  const run = async (...args: string[]) => {
    const result = await helm([...args, '--kubeconfig', cluster.kubeconfigPath]);
    expect(result, `helm ${args.join(' ')}: ${result.stderr}`).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const kubectl = async (args: readonly string[], input = '') => {
    const result = await cluster.kubectl(args, { input });
    expect(result, `kubectl ${args.join(' ')}: ${result.stderr}`).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const namesOf = async (kinds: string) =>
    (await kubectl(['get', kinds, '-A', '-o', 'name'])).split('\n').filter(Boolean);
  const dryRun = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--force-conflicts', '-f', '-'];

  describeWithHelm('accepts what the chart makes', () => {
    test.each(valueCases)('with $title', async ({ values }) => {
      const { stdout } = await template(values);
      const { code, stderr } = await cluster.kubectl(dryRun, { input: stdout });
      expect([code, stderr]).toEqual([0, '']);
    });

    test.each(valueCases)('and its pod in a restricted namespace, with $title', async ({ values }) => {
      const pod = podOf(await rendered(values));
      const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod', namespace: 'mail' }, spec: pod };
      const { code, stderr } = await cluster.kubectl(dryRun, { input: JSON.stringify(manifest) });
      expect([code, stderr]).toEqual([0, '']);
    });

    test('as deploy/install.yaml, whose namespace is restricted', async () => {
      const text = await readFile(join(root, 'deploy', 'install.yaml'), 'utf8');
      const namespaces = text.slice(0, text.indexOf('---'));
      await kubectl(['apply', '--server-side', '-f', '-'], namespaces);
      expect(await cluster.kubectl(dryRun, { input: text })).toMatchObject({ code: 0, stderr: '' });
    });

    test('with definitions that say what crds/ says', async () => {
      const spec = async (args: readonly string[], input?: string) =>
        JSON.parse(await kubectl([...dryRun.slice(0, 3), '--force-conflicts', ...args, '-o', 'json'], input)).spec;
      for (const file of ['smtprelays', 'notificationpolicies']) {
        const definition = (await rendered()).find(({ metadata }) => metadata.name === `${file}.relaykeeper.dev`);
        expect(await spec(['-f', '-'], JSON.stringify(definition))).toEqual(
          await spec(['-f', join(root, 'crds', `relaykeeper.dev_${file}.yaml`)]),
        );
      }
    });
  });

  describeWithHelm('lives through a release', () => {
    test('installed, used, upgraded, rolled back, removed, and installed again', async () => {
      await kubectl(['delete', '--wait', '-f', join(root, 'crds')]);
      const notes = await run('install', 'mailer', chart, '-n', 'mail');
      await untilEstablished();
      expect((await ofRelease('mailer')).length).toBeGreaterThan(10);
      expect(await namesOf('deployments,serviceaccounts')).toEqual(
        expect.arrayContaining(['deployment.apps/mailer-relaykeeper', 'serviceaccount/mailer-relaykeeper']),
      );
      await followNotes(notes);

      const older = await olderChart();
      await run('upgrade', 'mailer', older, '-n', 'mail', '--set', 'replicas=2');
      expect(await columnsOf('smtprelays')).not.toContain('Reason');
      expect(await namesOf('poddisruptionbudgets')).toEqual(['poddisruptionbudget.policy/mailer-relaykeeper']);

      await run('upgrade', 'mailer', chart, '-n', 'mail', '--reset-values');
      expect(await columnsOf('smtprelays')).toContain('Reason');
      expect(await namesOf('poddisruptionbudgets')).toEqual([]);

      await run('rollback', 'mailer', '2', '-n', 'mail');
      expect(await namesOf('poddisruptionbudgets')).toHaveLength(1);
      expect(await kubectl(['get', 'relay', '-n', 'mail', '-o', 'name'])).toContain('corporate');

      await run('uninstall', 'mailer', '-n', 'mail', '--wait=hookOnly');
      expect(await ofRelease('mailer')).toEqual([]);
      // The definitions and what was declared with them stay.
      expect(await kubectl(['get', 'relay', '-n', 'mail', '-o', 'name'])).toContain('corporate');

      await run('install', 'mailer', chart, '-n', 'mail', '--set', 'crds.keep=false');
      await run('uninstall', 'mailer', '-n', 'mail', '--wait=hookOnly');
      await eventually('the definitions are gone', async () => !`${await namesOf('crd')}`.includes('relaykeeper'));
    }, 240_000);

    test('installed for two namespaces by somebody who may do nothing elsewhere', async () => {
      await kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(root, 'crds')]);
      const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
      const tenant = { namespace: 'mail', name: 'tenant' };
      const grants = ['mail', 'guests'].map((namespace) => ({ ...everything, namespace }));
      const kubeconfig = await cluster.kubeconfigFor({ ...tenant, grants });
      const values = ['--set', 'watchNamespaces={mail,guests},crds.install=false'];
      const args = ['install', 'tenant', chart, '-n', 'mail', ...values, '--kubeconfig', kubeconfig];
      expect(await helm(args)).toMatchObject({ code: 0, stderr: '' });
      expect((await ofRelease('tenant')).filter((name) => name.startsWith('role.'))).toHaveLength(5);
    });
  });

  /** All that is labelled as this release's but the definitions, which stay. */
  async function ofRelease(name: string): Promise<readonly string[]> {
    const kinds = [
      ...['deployments', 'services', 'serviceaccounts', 'networkpolicies', 'poddisruptionbudgets', 'configmaps'],
      ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
      ...['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
    ];
    const labelled = ['-l', `app.kubernetes.io/instance=${name}`];
    return (await kubectl(['get', kinds.join(), '-A', ...labelled, '-o', 'name'])).split('\n').filter(Boolean);
  }

  async function untilEstablished(): Promise<void> {
    const names = ['crd/smtprelays.relaykeeper.dev', 'crd/notificationpolicies.relaykeeper.dev'];
    await kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...names]);
  }

  /** Its three commands: nothing runs pods here, the first is looked at only. */
  async function followNotes(output: string): Promise<void> {
    const notes = output.slice(output.indexOf('NOTES:'));
    const indented = notes.split('\n').filter((line) => line.startsWith('   '));
    const commands = indented.map((line) => line.slice(3)).join('\n');
    const [rollout, declare, see] = commands.split(/^(?=kubectl )/m);
    expect(rollout).toBe('kubectl -n mail rollout status deployment/mailer-relaykeeper\n');
    const manifest = /<<'END'\n([\s\S]*)END$/m.exec(`${declare}`)?.[1];
    const declareArgs =
      `${declare}`
        .split('\n')[0]
        ?.replace(/^kubectl | <<.*$/g, '')
        .split(' ') ?? [];
    await kubectl(declareArgs, manifest);
    expect(await kubectl(`${see}`.trim().split(' ').slice(1))).toContain('mail.example.com');
  }

  async function columnsOf(resource: string): Promise<string> {
    const path = 'jsonpath={.spec.versions[0].additionalPrinterColumns[*].name}';
    return kubectl(['get', 'crd', `${resource}.relaykeeper.dev`, '-o', path]);
  }

  /** The chart as it might have been before the relays' definition got a column. */
  async function olderChart(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'relaykeeper-chart-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await cp(chart, directory, { recursive: true });
    const file = join(directory, 'files', 'crds', 'relaykeeper.dev_smtprelays.yaml');
    const text = await readFile(file, 'utf8');
    const older = text
      .split('\n')
      .filter((line) => !line.includes('name: Reason'))
      .join('\n');
    expect(older).not.toBe(text);
    await writeFile(file, older);
    return directory;
  }
});

describeWithHelm('the NOTES', () => {
  test('name the namespace that is watched', async () => {
    const { stdout } = await helm([
      'install',
      'x',
      chart,
      '-n',
      'ops',
      '--dry-run=client',
      '--set',
      'watchNamespaces={mail}',
    ]);
    expect(stdout).toContain('kubectl -n mail describe relay corporate');
    expect(stdout).toContain('kubectl -n ops rollout status deployment/x-relaykeeper');
  });
});
