// "Test Connection": by annotation, from the user's machine, from the operator's network, and as a kubectl plugin.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { run } from '../control-plane/run.ts';
import { bundledProgram, describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { plainRelay, serverCertificate, startMailServer } from './servers.ts';
import { createWorld, type World } from './world.ts';

describeWithCluster('a probe that is asked for', () => {
  const cluster = sharedControlPlane();

  const probe = (world: World, ...args: string[]) =>
    run(
      process.execPath,
      [bundledProgram().program, 'probe', '--kubeconfig', cluster.kubeconfigPath, '-n', world.namespace, ...args],
      {},
    );

  const aRelay = async () => {
    const world = await createWorld(cluster, 'probe');
    const authority = await createAuthority({ name: 'Mail CA' });
    const server = await startMailServer({ tls: await serverCertificate(authority), capabilities: ['AUTH PLAIN'] });
    await world.applySecret('ca', { stringData: { 'ca.crt': authority.certificatePem } });
    await world.applyLogin('login', 'a password');
    await world.apply('relay', {
      host: '127.0.0.1',
      port: server.port,
      tls: { caSecretRef: { name: 'ca' } },
      auth: { secretRef: { name: 'login' } },
      probe: { interval: '1h' },
    });
    return { world, server };
  };

  test('each new token of the annotation is one probe, whether the relay works or not', async () => {
    const { world, server } = await aRelay();
    world.startOperator();
    await world.untilReady('relay', { status: 'True' });
    const before = server.connections();
    await world.requestProbe('relay');
    await world.requestProbe('relay');
    expect(server.connections()).toBe(before + 2);
    server.becomes({ greeting: '421 4.3.2 Not now\r\n' });
    const seen = await world.requestProbe('relay');
    expect(seen.status?.lastProbe).toMatchObject({ outcome: 'Failed', reason: 'ServiceUnavailable' });
    expect(server.connections()).toBe(before + 3);
  });

  test('from here, with what the cluster holds and no operator', async () => {
    const { world } = await aRelay();
    const text = await probe(world, 'relay');
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain('Successfully connected to 127.0.0.1');
    const json = await probe(world, 'relay', '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      outcome: 'Succeeded',
      mechanism: 'PLAIN',
      tls: { verified: true },
    });
    expect(json.stdout + text.stdout).not.toContain('a password');
    expect((await world.relay('relay')).status?.lastProbe).toBeUndefined();
  });

  test('by the operator: what is printed is exactly what its status says', async () => {
    const { world, server } = await aRelay();
    world.startOperator();
    await world.untilReady('relay', { status: 'True' });
    server.becomes({ greeting: '554 5.7.1 Go away\r\n' });
    const asked = await probe(world, 'relay', '--in-cluster', '-o', 'json');
    expect(asked).toMatchObject({ code: 1, stderr: '' });
    const report = JSON.parse(asked.stdout);
    expect(report).toMatchObject({ reason: 'ServiceUnavailable', failedStage: 'Greeting' });
    expect(report).toEqual((await world.relay('relay')).status?.lastProbe);
    const text = await probe(world, 'relay', '--in-cluster');
    expect(text.stdout).toMatch(/as the operator saw it[\s\S]*Go away/);
  });

  test('by an operator that is not there it ends after the wait that was given, and says what to check', async () => {
    const { world } = await aRelay();
    const asked = await probe(world, 'relay', '--in-cluster', '--wait', '1s');
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toContain(`no operator answered the probe request for ${world.namespace}/relay within 1 s.`);
    expect(asked.stderr).toContain('Check that relaykeeper runs and watches this namespace');
  });

  test('of a relay that cannot be probed it says why at once', async () => {
    const { world } = await aRelay();
    world.startOperator();
    await world.apply('lacking', plainRelay(1, { tls: { mode: 'StartTls', caSecretRef: { name: 'nowhere' } } }));
    await world.apply('resting', plainRelay(1, { suspend: true }));
    expect(await probe(world, 'lacking', '--in-cluster', '--wait', '20s')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('SecretNotFound: spec.tls.caSecretRef.name: Secret "nowhere" does not exist'),
    });
    expect(await probe(world, 'resting', '--in-cluster', '--wait', '20s')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it is suspended'),
    });
    expect(await probe(world, 'unheard-of')).toMatchObject({
      code: 2,
      stderr: `error: there is no SmtpRelay ${world.namespace}/unheard-of\n`,
    });
  });

  test('as `kubectl relay probe`, with kubectl itself', async () => {
    const { world } = await aRelay();
    const plugins = await mkdtemp(join(tmpdir(), 'relaykeeper-plugins-'));
    onTestFinished(() => rm(plugins, { recursive: true, force: true }));
    await symlink(join(dirname(bundledProgram().program), 'kubectl-relay.js'), join(plugins, 'kubectl-relay'));
    const path = [plugins, dirname(process.execPath), process.env.PATH].join(delimiter);
    const env = { ...process.env, PATH: path, KUBECONFIG: cluster.kubeconfigPath };
    // kubectl takes flags of its own before the name of a plugin for its own, so there are none.
    const result = await run(cluster.kubectlPath, ['relay', 'probe', 'relay', '-n', world.namespace], { env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('Successfully connected to 127.0.0.1');
  });
});
