// Secrets that are missing, made and rotated while the operator runs, by each way to read them.
import { expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import type { Grant } from '../control-plane/access.ts';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { fastest } from './fastest.ts';
import { narrowed, operatorRights } from './rights.ts';
import { serverCertificate, startMailServer } from './servers.ts';
import { conditionOf, createWorld } from './world.ts';

/** What is promised: milliseconds from the change to the status. */
const promised = 2_000;

const modes: readonly (readonly [string, (rights: readonly Grant[], namespace: string) => readonly Grant[]])[] = [
  ['Cluster', (rights) => rights],
  [
    'Namespaces',
    (rights, namespace) => narrowed(narrowed(rights, 'secrets', { namespace }), 'configmaps', { namespace }),
  ],
  [
    'Named',
    (rights, namespace) =>
      narrowed(narrowed(rights, 'secrets', { namespace, resourceNames: ['ca', 'login'] }), 'configmaps', { namespace }),
  ],
];

describeWithCluster.each(modes)('with --secret-access %s and no more rights than it needs', (mode, narrow) => {
  test('a missing Secret is told of, and once it is there the relay is Ready', async () => {
    const world = await createWorld(sharedControlPlane(), 'missing');
    await world.grant(narrow(operatorRights(world.namespace), world.namespace));
    const authority = await createAuthority();
    const server = await startMailServer({ tls: await serverCertificate(authority) });
    const spec = {
      host: '127.0.0.1',
      port: server.port,
      tls: { caSecretRef: { name: 'ca' } },
      probe: { interval: '1h' },
    };
    await world.apply('relay', spec);
    world.startOperator(['--secret-access', mode]);
    const took = await fastest(promised, async () => {
      await world.kubectl('delete', 'secret', 'ca', '--ignore-not-found');
      const missing = await world.untilReady('relay', { status: 'False', reason: 'SecretNotFound' });
      expect(conditionOf(missing, 'ReferencesResolved')).toMatchObject({
        status: 'False',
        reason: 'SecretNotFound',
        message: expect.stringContaining(`Secret "ca" does not exist in namespace ${world.namespace}`),
      });
      const connections = server.connections();
      return async () => {
        await world.applySecret('ca', { stringData: { 'ca.crt': authority.certificatePem } });
        await world.untilReady('relay', { status: 'True' });
        expect(server.connections()).toBe(connections + 1);
      };
    });
    expect(took).toBeLessThan(promised);
  });

  test('a rotated CA and a rotated login are probed at once', async () => {
    const world = await createWorld(sharedControlPlane(), 'rotated');
    await world.grant(narrow(operatorRights(world.namespace), world.namespace));
    const [right, wrong] = [await createAuthority({ name: 'Right CA' }), await createAuthority({ name: 'Wrong CA' })];
    const server = await startMailServer({
      tls: await serverCertificate(right),
      capabilities: ['AUTH PLAIN'],
      on: { AUTH: (line) => (line.endsWith(plainLogin('right')) ? '235 2.7.0 welcome\r\n' : '535 5.7.8 no\r\n') },
    });
    await world.applySecret('ca', { stringData: { 'ca.crt': right.certificatePem } });
    await world.applyLogin('login', 'right');
    await world.apply('relay', {
      host: '127.0.0.1',
      port: server.port,
      tls: { caSecretRef: { name: 'ca' } },
      auth: { secretRef: { name: 'login' } },
      probe: { interval: '1h' },
    });
    world.startOperator(['--secret-access', mode]);
    await world.untilReady('relay', { status: 'True' });
    const rotations = [
      [
        () => world.applySecret('ca', { stringData: { 'ca.crt': wrong.certificatePem } }),
        'False',
        'CertificateUntrusted',
      ],
      [() => world.applySecret('ca', { stringData: { 'ca.crt': right.certificatePem } }), 'True', 'Succeeded'],
      [() => world.applyLogin('login', 'wrong'), 'False', 'AuthenticationFailed'],
      [() => world.applyLogin('login', 'right'), 'True', 'Succeeded'],
    ] as const;
    const times = rotations.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < 4 && Math.max(...times) > promised; round += 1) {
      for (const [index, [rotate, status, reason]] of rotations.entries()) {
        const start = performance.now();
        await rotate();
        await world.untilReady('relay', { status, reason });
        times[index] = Math.min(times[index] ?? Number.POSITIVE_INFINITY, performance.now() - start);
      }
    }
    expect(Math.max(...times)).toBeLessThan(promised);
  });
});

function plainLogin(password: string): string {
  return Buffer.from(`\0relay\0${password}`).toString('base64');
}
