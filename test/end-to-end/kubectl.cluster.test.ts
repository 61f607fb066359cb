// What a user sees of relays with nothing but kubectl.
import { expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { serverCertificate, startMailServer } from './servers.ts';
import { createWorld, type World } from './world.ts';

describeWithCluster('kubectl', () => {
  const cluster = sharedControlPlane();

  /** A relay that is Ready, with a certificate, and one whose port is closed to it. */
  const goodAndBad = async (): Promise<World> => {
    const world = await createWorld(cluster, 'kubectl');
    const authority = await createAuthority();
    const server = await startMailServer({ tls: await serverCertificate(authority), capabilities: ['AUTH PLAIN'] });
    await world.applySecret('ca', { stringData: { 'ca.crt': authority.certificatePem } });
    await world.apply('good', { host: '127.0.0.1', port: server.port, tls: { caSecretRef: { name: 'ca' } } });
    await world.apply('bad', { host: '127.0.0.1', port: 1, tls: { mode: 'None' } });
    return world;
  };

  test('lists relays with what matters of each', async () => {
    const world = await goodAndBad();
    world.startOperator();
    await world.untilReady('good', { status: 'True' });
    await world.untilReady('bad', { status: 'False' });
    for (const name of ['relays', 'relay', 'smtprelays', 'relaykeeper']) {
      const [heading, ...rows] = (await world.kubectl('get', name)).trim().split('\n');
      expect(heading?.trim().split(/\s{2,}/)).toEqual(columns);
      expect(
        rows.map((row) =>
          row
            .trim()
            // Of a category with several kinds kubectl prints the kind before the name.
            .replace(/^smtprelay\.relaykeeper\.dev\//, '')
            .split(/\s{2,}/)
            .slice(0, 6),
        ),
      ).toEqual([
        ['bad', '127.0.0.1', '1', 'None', 'False', 'ConnectionRefused'],
        ['good', '127.0.0.1', expect.stringMatching(/^\d+$/), 'StartTls', 'True', 'Succeeded'],
      ]);
      expect(rows[1]).toMatch(/Succeeded +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +\d+s +\d+s/);
    }
    expect((await cluster.kubectl(['get', 'relays', '-A'])).stdout).toMatch(/^NAMESPACE +NAME +HOST/);
  });

  test('waits for a relay that gets Ready, and not in vain for the reason of one that does not', async () => {
    const world = await goodAndBad();
    world.startOperator();
    await world.kubectl('wait', '--for=condition=Ready', '--timeout=30s', 'relay/good');
    const reason = 'jsonpath={.status.conditions[?(@.type=="Ready")].reason}=ConnectionRefused';
    await world.kubectl('wait', `--for=${reason}`, '--timeout=30s', 'relay/bad');
    const bad = await cluster.kubectl([
      'wait',
      '-n',
      world.namespace,
      '--for=condition=Ready',
      '--timeout=1s',
      'relay/bad',
    ]);
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining('timed out') });
  });

  test('explains the TLS settings in sentences', async () => {
    const { stdout } = await cluster.kubectl(['explain', 'smtprelay.spec.tls']);
    for (const field of ['mode', 'caSecretRef', 'includeSystemRoots', 'pinnedSha256']) expect(stdout).toContain(field);
    expect(stdout).not.toContain('<no description>');
  });

  test('explains every field there is', async () => {
    const { stdout } = await cluster.kubectl(['get', 'crd', 'smtprelays.relaykeeper.dev', '-o', 'json']);
    const schema = JSON.parse(stdout).spec.versions[0].schema.openAPIV3Schema;
    const fields = fieldsOf(schema, '').filter(({ path }) => path !== '.metadata');
    expect(fields.length).toBeGreaterThan(100);
    expect(fields.filter(({ description }) => !/\S.*\.$/s.test(description)).map(({ path }) => path)).toEqual([]);
  });
});

const columns = ['NAME', 'HOST', 'PORT', 'TLS', 'READY', 'REASON', 'CERT EXPIRES', 'LAST PROBE', 'AGE'];

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

/** Each field at any depth, with what is said of it. */
function fieldsOf(schema: Schema, path: string): { path: string; description: string }[] {
  const within = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    { path: `${path}.${name}`, description: field.description ?? '' },
    ...fieldsOf(field, `${path}.${name}`),
  ]);
  const others = [schema.items, schema.additionalProperties].flatMap((part) =>
    part ? fieldsOf(part, `${path}[]`) : [],
  );
  return [...within, ...others];
}
