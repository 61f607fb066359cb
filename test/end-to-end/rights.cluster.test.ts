// The rights that the operator has to be granted: with them it works, and lacking one it says which.
import { expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { eventually } from '../store/eventually.ts';
import { operatorRights, withoutVerb } from './rights.ts';
import { serverCertificate, startMailServer } from './servers.ts';
import { conditionOf, createWorld, type World } from './world.ts';

const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'];

describeWithCluster('the rights of the operator', () => {
  const cluster = sharedControlPlane();

  /** A relay that needs a Secret and a ConfigMap. */
  const needy = async (): Promise<World> => {
    const world = await createWorld(cluster, 'rights');
    const authority = await createAuthority();
    const server = await startMailServer({ tls: await serverCertificate(authority), capabilities: ['AUTH PLAIN'] });
    await world.applyConfigMap('ca', { 'ca.crt': authority.certificatePem });
    await world.applyLogin('login', 'a password');
    await world.apply('needy', {
      host: '127.0.0.1',
      port: server.port,
      tls: { caConfigMapRef: { name: 'ca' } },
      auth: { secretRef: { name: 'login' } },
      probe: { interval: '1h' },
    });
    return world;
  };

  test('are enough, and none goes further than it needs', async () => {
    const world = await needy();
    const operator = world.startOperator();
    await world.untilReady('needy', { status: 'True' });
    await eventually('an event is recorded', async () => (await world.kubectl('get', 'events')).includes('Succeeded'));
    operator.signal('SIGTERM');
    expect(await operator.ended).toBe(0);
    const requests = await world.requests();
    expect(requests.filter(({ code }) => code === 403)).toEqual([]);
    const written = requests
      .filter(({ verb }) => writes.includes(verb))
      .map(({ verb, resource }) => `${verb} ${resource}`);
    expect(new Set(written)).toEqual(
      // Of Secrets its own key; mail would be more of them.
      new Set(['create leases', 'patch leases', 'patch smtprelays/status', 'create events', 'create secrets']),
    );
  });

  test.each([
    ['list', 'smtprelays', /cannot list smtprelays in namespace .* grant the verbs list and watch/],
    ['watch', 'smtprelays', /cannot watch smtprelays in namespace .* grant the verbs list and watch/],
    ['patch', 'smtprelays/status', /the operator may not patch smtprelays\/status in namespace/],
    ['list', 'secrets', /cannot list secrets in all namespaces.* grant the verbs list and watch/],
    ['watch', 'configmaps', /cannot watch configmaps in all namespaces.* grant the verbs list and watch/],
    ['create', 'events', /cannot create events in namespace/],
    ['get', 'leases', /cannot get lease/],
    ['create', 'leases', /cannot create lease/],
    ['patch', 'leases', /cannot patch lease/],
  ])('without %s on %s the log says so, until it is granted', { timeout: 120_000 }, async (verb, resource, words) => {
    const world = await needy();
    await world.grant(withoutVerb(operatorRights(world.namespace), { verb, resource }));
    const operator = world.startOperator();
    await eventually(`the log says ${words}`, () => operator.log.some(({ msg }) => words.test(msg)));
    await world.grant(operatorRights(world.namespace));
    await world.untilReady('needy', { status: 'True' });
    operator.signal('SIGTERM');
    expect(await operator.ended).toBe(0);
  });

  test('without get on what a relay refers to it says verb, resource and namespace, and heals once that is granted', async () => {
    const world = await needy();
    await world.apply('needs-secret', { host: '127.0.0.1', port: 1, auth: { secretRef: { name: 'login' } } });
    const withoutSecrets = withoutVerb(operatorRights(world.namespace), { verb: 'get', resource: 'secrets' });
    await world.grant(withoutVerb(withoutSecrets, { verb: 'get', resource: 'configmaps' }));
    world.startOperator();
    const denials = [
      ['needy', 'spec.tls.caConfigMapRef.name', 'configmaps'],
      ['needs-secret', 'spec.auth.secretRef.name', 'secrets'],
    ] as const;
    for (const [name, field, resource] of denials) {
      const denied = await world.untilReady(name, { status: 'False', reason: 'AccessDenied' });
      const words = `${field}: the operator may not get ${resource} in namespace ${world.namespace}`;
      expect(conditionOf(denied, 'ReferencesResolved')).toMatchObject({
        status: 'False',
        reason: 'AccessDenied',
        message: expect.stringContaining(words),
      });
    }
    await world.grant(operatorRights(world.namespace));
    // Nothing tells of a right; it is looked at again within a minute.
    await world.untilReady('needy', { status: 'True' }, { within: 100_000 });
    await world.untilReady('needs-secret', { status: 'False', reason: 'ConnectionRefused' }, { within: 100_000 });
  }, 240_000);
});
