// Relays whose spec cannot be used, or whose host leads nowhere.
import { expect, test } from 'vitest';
import { plain, startServer } from './servers.ts';
import { conditionsOf } from './statuses.ts';
import { openWorld } from './world.ts';

test.each([
  ['an unknown field', { prot: 25 }, 'SchemaInvalid', 'unknown field "spec.prot"; did you mean "spec.port"?'],
  ['port 0', { port: 0 }, 'SchemaInvalid', 'spec.port'],
  ['a scheme in the host', { host: 'smtp://127.0.0.1' }, 'SchemaInvalid', 'spec.host'],
  [
    'both CA references',
    { tls: { mode: 'None', caSecretRef: { name: 'a' }, caConfigMapRef: { name: 'b' } } },
    'CombinationInvalid',
    'spec.tls',
  ],
  ['no recipient', { probe: { depth: 'Envelope' } }, 'CombinationInvalid', 'recipient'],
  ['no duration', { connectionTimeout: '5 minutes' }, 'SchemaInvalid', 'must be a duration such as 30s'],
  ['too short an interval', { probe: { interval: '1s' } }, 'SchemaInvalid', 'spec.probe.interval'],
] as const)('a spec with %s is refused, said so, and never connected to', async (_, wrong, reason, says) => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, wrong));
  world.declareRelay('other', plain(server.port));
  const status = await world.untilReady('a', `False ${reason}`);
  expect(conditionsOf(status)).toEqual([`Ready=False ${reason}`, `Stalled=True ${reason}`, `Accepted=False ${reason}`]);
  expect(status.conditions?.[0]?.message).toContain(says);
  await world.untilReady('other', 'True Succeeded');
  await world.jump(24 * 3_600_000);
  expect(world.writes('a')).toHaveLength(1);
  world.declareRelay('a', plain(server.port));
  expect(conditionsOf(await world.untilReady('a', 'True Succeeded'))).not.toContain(`Stalled=True ${reason}`);
  expect(server.connections()).toBe(3);
});

test('a spec that was good and is broken keeps what was last seen, and says that it is not accepted', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  world.declareRelay('a', plain(server.port, { port: 0 }));
  const status = await world.untilReady('a', 'False SchemaInvalid');
  expect(status.lastProbe?.outcome).toBe('Succeeded');
});

test('a host that resolves to nothing says so, and other relays go on', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, { host: 'nowhere.invalid', connectionTimeout: '2s' }));
  world.declareRelay('other', plain(server.port));
  await world.untilReady('other', 'True Succeeded');
  // Where this machine has no resolver, that is what is said.
  const status = await Promise.any(
    ['HostNotFound', 'ResolverUnavailable'].map((reason) => world.untilReady('a', `False ${reason}`)),
  );
  expect(status.conditions?.[0]?.message).toContain('nowhere.invalid');
  expect(status.lastProbe?.failedStage).toBe('Resolve');
});

test.each([
  ['--allowed-relay-hosts', { allowedRelayHosts: ['*.example.com'] }, 'ReferenceNotAllowed'],
  ['--denied-cidrs', { deniedCidrs: ['127.0.0.0/8'] }, 'AddressNotAllowed'],
])('an address that the administrator excludes by %s is not connected to', async (flag, settings, reason) => {
  const server = await startServer();
  const world = await openWorld({ settings });
  world.declareRelay('a', plain(server.port));
  const status = await world.untilReady('a', `False ${reason}`);
  expect(status.conditions?.[0]?.message).toContain(flag);
  expect(server.connections()).toBe(0);
});
