// What the chart makes of values, without a cluster.
import { expect, test } from 'vitest';
import { relaykeeper } from '../cli/from-sources.ts';
import { chart, describeWithHelm, helm, only, podOf, rendered, template } from './helm.ts';
import { valueCases } from './value-cases.ts';

const flagsOf = (args: readonly string[]) => args.filter((arg) => arg.startsWith('--'));

describeWithHelm('the chart', () => {
  test('passes helm lint --strict', async () => {
    expect(await helm(['lint', '--strict', chart])).toMatchObject({ code: 0 });
  });

  test.each(valueCases)('renders with $title, every object in a namespace that was meant', async ({ values }) => {
    const objects = await rendered(values);
    const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace).filter((name) => name !== undefined));
    expect(['mail', 'guests']).toEqual(expect.arrayContaining([...namespaces]));
    const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each(valueCases)('with $title gives the program only flags that it has', async ({ values }) => {
    const { stdout: help } = await relaykeeper('run', '--help');
    const flags = podOf(await rendered(values))
      .containers[0].args.slice(1)
      .map((arg) => arg.split('=')[0]);
    expect(flags.filter((flag) => !help.includes(` ${flag} `) && !help.includes(` ${flag}\n`))).toEqual([]);
  });

  test('without values makes what an operator needs', async () => {
    const kinds = (await rendered()).map(({ kind }) => kind);
    expect([...new Set(kinds)].sort()).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'CustomResourceDefinition',
      'Deployment',
      'NetworkPolicy',
      'Role',
      'RoleBinding',
      'Service',
      'ServiceAccount',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ]);
  });

  test('with watchNamespaces makes nothing for the whole cluster but the definitions', async () => {
    const objects = await rendered({ watchNamespaces: ['mail', 'guests'] });
    const wide = objects.filter(({ metadata }) => metadata.namespace === undefined).map(({ kind }) => kind);
    expect(new Set(wide)).toEqual(new Set(['CustomResourceDefinition']));
    expect(podOf(objects).containers[0].args).toEqual(
      expect.arrayContaining(['--namespace=mail', '--namespace=guests', '--secret-access=Namespaces']),
    );
  });

  test('names Secrets one by one with mode Named', async () => {
    const named = valueCases.find(({ title }) => title === 'named Secrets');
    const objects = await rendered(named?.values);
    const roles = objects.filter(({ kind, metadata }) => kind === 'Role' && metadata.name.endsWith('-secrets'));
    const names = (list: readonly string[]) => ({ resourceNames: list, verbs: ['get', 'list', 'watch'] });
    expect(roles.map(({ metadata, rules }) => [metadata.namespace, rules])).toMatchObject([
      [
        'mail',
        [
          { resources: ['configmaps'], ...names(['ca']) },
          { resources: ['secrets'], ...names(['login']) },
        ],
      ],
      ['guests', [{ resources: ['secrets'], ...names(['a', 'b']) }]],
    ]);
    const wide = objects.filter(({ kind }) => kind === 'ClusterRole').flatMap(({ rules = [] }) => rules);
    expect(JSON.stringify(wide)).not.toContain('secrets');
  });

  test('gives the pod more time to end than messages under way get', async () => {
    const { shutdownGrace } = await import('../../src/cli/shutdown.ts');
    expect(podOf(await rendered()).terminationGracePeriodSeconds * 1_000).toBeGreaterThan(shutdownGrace + 5_000);
  });

  test('keeps one replica of a spool, and ends the old one first', async () => {
    const objects = await rendered({ outbox: { engine: 'spool' } });
    expect(only(objects, 'Deployment')).toMatchObject({ spec: { replicas: 1, strategy: { type: 'Recreate' } } });
    expect(only(objects, 'PersistentVolumeClaim').metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });

  test('makes a PodDisruptionBudget for more than one replica only', async () => {
    const budgets = async (replicas: number) =>
      (await rendered({ replicas })).filter(({ kind }) => kind === 'PodDisruptionBudget').length;
    expect([await budgets(1), await budgets(2)]).toEqual([0, 1]);
  });

  test('keeps the definitions at uninstall only where crds.keep says so', async () => {
    const annotations = async (keep: boolean) =>
      (await rendered({ crds: { keep } }))
        .filter(({ kind }) => kind === 'CustomResourceDefinition')
        .map(({ metadata }) => metadata.annotations);
    expect(await annotations(true)).toEqual(new Array(2).fill({ 'helm.sh/resource-policy': 'keep' }));
    expect(await annotations(false)).toEqual([undefined, undefined]);
  });

  test('serves the webhook with the certificate that it is given', async () => {
    const objects = await rendered({ webhook: { enabled: true, tls: { secretName: 'mine' } } });
    expect(flagsOf(podOf(objects).containers[0].args)).toEqual(
      expect.arrayContaining([
        '--webhook-listen=:8443',
        '--webhook-tls-cert=/etc/relaykeeper/webhook-tls/tls.crt',
        '--webhook-tls-key=/etc/relaykeeper/webhook-tls/tls.key',
      ]),
    );
    expect(podOf(objects).volumes).toContainEqual({ name: 'webhook-tls', secret: { secretName: 'mine' } });
    expect(only(objects, 'Service', '-webhook')).toMatchObject({
      spec: { ports: [{ port: 443, appProtocol: 'https' }] },
    });
  });

  test('asks cert-manager for the names that the webhook is reached by', async () => {
    const certManager = { enabled: true, issuerRef: { name: 'internal', kind: 'ClusterIssuer' } };
    const objects = await rendered({ webhook: { enabled: true, tls: { certManager } } });
    expect(only(objects, 'Certificate')).toMatchObject({
      apiVersion: 'cert-manager.io/v1',
      spec: {
        secretName: 'relaykeeper-webhook-tls',
        issuerRef: { name: 'internal', kind: 'ClusterIssuer' },
        dnsNames: expect.arrayContaining(['relaykeeper-webhook.mail.svc']),
      },
    });
  });

  test.each([
    ['serviceMonitor', 'ServiceMonitor', 'endpoints'],
    ['podMonitor', 'PodMonitor', 'podMetricsEndpoints'],
  ])('%s leads Prometheus to /metrics', async (value, kind, endpoints) => {
    const objects = await rendered({ metrics: { [value]: { enabled: true, labels: { release: 'prometheus' } } } });
    expect(only(objects, kind)).toMatchObject({
      metadata: { labels: { release: 'prometheus' } },
      spec: { [endpoints]: [{ port: 'http', path: '/metrics', interval: '30s' }] },
    });
  });

  test('makes the alerts and the dashboard from the files', async () => {
    const objects = await rendered({ metrics: { rules: { enabled: true }, dashboard: { enabled: true } } });
    expect(only(objects, 'PrometheusRule').spec).toMatchObject({
      groups: [{ name: expect.stringMatching(/relaykeeper/) }],
    });
    const { data } = only(objects, 'ConfigMap') as unknown as { data: Record<string, string> };
    expect(JSON.parse(`${data['relaykeeper.json']}`)).toMatchObject({ uid: 'relaykeeper' });
  });

  test('takes values of a chart that it is a part of', async () => {
    expect(await template({ global: { imageRegistry: 'x' }, enabled: true })).toMatchObject({ code: 0 });
  });

  test('asks for Kubernetes 1.30', async () => {
    const { code, stderr } = await helm(['template', 'relaykeeper', chart, '--kube-version', '1.29.0']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('>=1.30.0-0')]);
  });
});
