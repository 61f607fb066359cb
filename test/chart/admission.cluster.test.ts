// The chart's ValidatingAdmissionPolicy refuses what the operator with the same settings refuses, and nothing else.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterDeniedCidrs, deniedBy } from '../../src/smtp/address-rule.ts';
import { hostAllowed } from '../../src/smtp/host-allowed.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { describeWithCluster, ownControlPlane } from '../control-plane/shared.ts';
import { eventually } from '../store/eventually.ts';
import { describeWithHelm, rendered } from './helm.ts';

const settings = {
  allowedRelayHosts: ['*.Example.com', 'mail.example.org', '192.0.2.7', '127.0.0.1', '::1', '10.1.2.3', '2001:db8::5'],
  allowedTokenHosts: ['login.example.com', '*.tokens.example.com'],
  deniedCidrs: ['10.0.0.0/8', '2001:db8::5'],
};
const deniedCidrs = [...clusterDeniedCidrs, ...settings.deniedCidrs];

const hosts = [
  'mail.example.com',
  'MAIL.example.COM',
  'mail.example.com.',
  'a.b.example.com',
  'example.com',
  'badexample.com',
  'mail.example.org',
  'mail.example.org.',
  'x.mail.example.org',
  'mail.example.net',
  '192.0.2.7',
  '192.0.2.8',
  '127.0.0.1',
  '::1',
  '10.1.2.3',
  '2001:db8::5',
  '2001:db8::6',
] as const;

const tokenUrls = [
  'https://login.example.com/token',
  'https://LOGIN.example.com:8443/token?a=b',
  'https://a.tokens.example.com',
  'https://tokens.example.com/',
  'https://login.example.com.evil.example/token',
] as const;

describeWithCluster('with the admission policy of the chart', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await ownControlPlane();
    await cluster.kubectl(['create', 'namespace', 'mail']);
    const objects = await rendered({ settings });
    await cluster.apply(...objects.filter(({ kind }) => kind.startsWith('ValidatingAdmissionPolicy')));
    // It is in force once the API server has seen it.
    await eventually('a relay is refused', async () => (await verdict(relay('mail.example.net'))) !== '');
  });
  afterAll(() => cluster.stop());

  const relay = (host: string, more: object = {}) => ({
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'SmtpRelay',
    metadata: { name: 'relay', namespace: 'mail' },
    spec: { host, ...more },
  });

  /** Empty, or why it is refused. */
  async function verdict(manifest: object): Promise<string> {
    const { code, stderr } = await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], {
      input: JSON.stringify(manifest),
    });
    return code === 0 ? '' : stderr;
  }

  describeWithHelm('the API server and the operator agree', () => {
    test.each(hosts)('about host %s', async (host) => {
      const allowed = hostAllowed(host, settings.allowedRelayHosts);
      const denied = /^[0-9a-f:.]*[0-9:][0-9a-f:.]*$/.test(host) && deniedBy(host, { deniedCidrs });
      const said = await verdict(relay(host));
      expect(said === '').toBe(allowed && !denied);
      if (!allowed) expect(said).toContain(`spec.host: ${host} is not among the hosts that the administrator allows`);
      else if (denied) expect(said).toContain(`spec.host: ${host} is in ${denied}`);
    });

    test.each(tokenUrls)('about token URL %s', async (tokenUrl) => {
      const oauth2 = { tokenUrl, grant: 'ClientCredentials', clientId: 'a', secretRef: { name: 'oauth' } };
      const said = await verdict(relay('mail.example.com', { auth: { mechanism: 'XOAuth2', username: 'a', oauth2 } }));
      const { hostname } = new URL(tokenUrl);
      expect(said === '').toBe(hostAllowed(hostname, settings.allowedTokenHosts));
      if (said !== '') expect(said).toMatch(/spec\.auth\.oauth2\.tokenUrl: .* \(--allowed-token-hosts\)/);
    });
  });

  test('labels of a relay from before can be edited, its spec cannot', async () => {
    await cluster.kubectl(['delete', 'validatingadmissionpolicybinding', '--all']);
    const create = { input: JSON.stringify(relay('mail.example.net')) };
    await eventually(
      'the policy is out of force',
      async () => (await cluster.kubectl(['create', '-f', '-'], create)).code === 0,
    );
    const objects = await rendered({ settings });
    await cluster.apply(...objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding'));
    await eventually('it is in force again', async () => (await verdict(relay('mail.example.edu'))).includes('allows'));
    const patch = (change: object) =>
      cluster.kubectl(['patch', 'relay', 'relay', '-n', 'mail', '--type=merge', '-p', JSON.stringify(change)]);
    expect(await patch({ metadata: { labels: { a: 'b' } } })).toMatchObject({ code: 0 });
    expect(await patch({ spec: { port: 26 } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('mail.example.net'),
    });
  });
});
