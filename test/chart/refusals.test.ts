// Values that are wrong, each refused with its path.
import { expect, test } from 'vitest';
import { describeWithHelm, template, type Values } from './helm.ts';

const cases: readonly (readonly [title: string, values: Values, says: string])[] = [
  ['a text for a number', { replicas: 'two' }, "at '/replicas': got string, want integer"],
  ['a value that is not there', { replica: 2 }, "at '': additional properties 'replica' not allowed"],
  ['one deeper down', { webhook: { service: { typ: 'X' } } }, "at '/webhook/service': additional properties 'typ'"],
  ['a namespace that is none', { watchNamespaces: ['Mail'] }, "at '/watchNamespaces/0': 'Mail' does not match pattern"],
  ['an unknown mode', { secretAccess: { mode: 'All' } }, "at '/secretAccess/mode': value must be one of"],
  ['a port too high', { http: { port: 70_000 } }, "at '/http/port': maximum: got 70,000, want 65,535"],
  ['too few requests', { settings: { kubeApiQps: 0 } }, "at '/settings/kubeApiQps': minimum: got 0, want 1"],
  ['no duration', { settings: { statusHeartbeat: '15' } }, "at '/settings/statusHeartbeat': '15' does not match"],
  ['no address block', { settings: { deniedCidrs: ['intranet'] } }, "at '/settings/deniedCidrs/0': 'intranet'"],
  ['no host', { settings: { allowedRelayHosts: ["x'y"] } }, "at '/settings/allowedRelayHosts/0'"],
  ['a role that there is not', { settings: { roles: ['mail'] } }, "at '/settings/roles/0': value must be one of"],
  ['a digest too short', { image: { digest: 'sha256:abc' } }, "at '/image/digest': 'sha256:abc' does not match"],
  ['too little time to end', { terminationGracePeriodSeconds: 10 }, "at '/terminationGracePeriodSeconds': minimum"],
  ['a label that is a number', { podLabels: { a: 1 } }, "at '/podLabels/a': got number, want string"],
  ['a secret without a name', { imagePullSecrets: [{}] }, "at '/imagePullSecrets/0': missing property 'name'"],
  [
    'all Secrets with some namespaces',
    { watchNamespaces: ['mail'], secretAccess: { mode: 'Cluster' } },
    'secretAccess.mode: Cluster reads the Secrets of all namespaces',
  ],
  ['mode Namespaces without any', { secretAccess: { mode: 'Namespaces' } }, 'secretAccess.namespaces: name the'],
  [
    'Secrets of a namespace that is not watched',
    { watchNamespaces: ['mail'], secretAccess: { namespaces: ['other'] } },
    'secretAccess.namespaces: other is not among watchNamespaces',
  ],
  [
    'namespaces without the mode',
    { secretAccess: { namespaces: ['a'] } },
    'goes with mode Namespaces, not with Cluster',
  ],
  [
    'names without the mode',
    { secretAccess: { named: [{ namespace: 'a' }] } },
    'secretAccess.named: goes with mode Named',
  ],
  ['a spool for two', { replicas: 2, outbox: { engine: 'spool' } }, 'replicas: 2 replicas cannot share a spool'],
  ['a webhook without a certificate', { webhook: { enabled: true } }, 'webhook.tls.secretName: name the Secret'],
  [
    'cert-manager without an issuer',
    { webhook: { enabled: true, tls: { certManager: { enabled: true } } } },
    'webhook.tls.certManager.issuerRef.name',
  ],
  [
    'an Ingress to nothing',
    { webhook: { ingress: { enabled: true } } },
    'webhook.ingress.enabled: needs webhook.enabled',
  ],
  [
    'an Ingress without a host',
    { webhook: { enabled: true, tls: { enabled: false }, ingress: { enabled: true } } },
    'webhook.ingress.host: name the host',
  ],
  [
    'one port for two',
    { webhook: { enabled: true, port: 8080, tls: { enabled: false } } },
    'webhook.port: 8080 is http.port already',
  ],
  [
    'both monitors',
    { metrics: { serviceMonitor: { enabled: true }, podMonitor: { enabled: true } } },
    'metrics.podMonitor.enabled: with metrics.serviceMonitor.enabled every figure would be gathered twice',
  ],
];

describeWithHelm('the chart refuses', () => {
  test.each(cases)('%s', async (_title, values, says) => {
    const { code, stdout, stderr } = await template(values);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(says)]);
  });
});
