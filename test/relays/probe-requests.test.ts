// "Test Connection": the annotation relaykeeper.dev/probe-requested.
import { expect, test } from 'vitest';
import { probeRequestedAnnotation } from '../../src/api/smtp-relay.ts';
import { eventually } from '../store/eventually.ts';
import { plain, startServer, withLogin } from './servers.ts';
import { openWorld, type World } from './world.ts';

const ask = (token: string) => ({ [probeRequestedAnnotation]: token });

function answered(world: World, name: string, token: string) {
  return eventually(`${token} is answered`, () => {
    const status = world.status(name);
    return status.lastHandledProbeRequest === token ? status : undefined;
  });
}

test('a request is probed at once and answered once', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  server.becomes({ greeting: '554 5.3.2 no service\r\n' });
  world.declareRelay('a', plain(server.port), ask('one'));
  const status = await answered(world, 'a', 'one');
  expect(status.lastProbe?.reason).toBe('ServiceUnavailable');
  await world.jump(60_000);
  expect(server.connections()).toBe(2);
  world.declareRelay('a', plain(server.port), ask('two'));
  await answered(world, 'a', 'two');
  expect(server.connections()).toBe(3);
});

test('a request that is there from the start is answered by the first probe', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port), ask('first'));
  await answered(world, 'a', 'first');
  expect(server.connections()).toBe(1);
});

test('a request is answered although nothing can be probed', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('rejected', plain(0), ask('r'));
  world.declareRelay('suspended', plain(server.port, { suspend: true }), ask('s'));
  world.declareRelay('unresolved', withLogin(server.port, 'missing'), ask('u'));
  await answered(world, 'rejected', 'r');
  await answered(world, 'suspended', 's');
  await answered(world, 'unresolved', 'u');
  expect(server.connections()).toBe(0);
  world.declareRelay('unresolved', withLogin(server.port, 'missing'), ask('u2'));
  await answered(world, 'unresolved', 'u2');
});

test('a token longer than status takes is answered by its beginning, and only once', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port), ask('x'.repeat(5_000)));
  await answered(world, 'a', `${'x'.repeat(255)}…`);
  await world.jump(60_000);
  expect(server.connections()).toBe(1);
});

test('a token with characters that a terminal would obey is answered only once', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port), ask('a\u001b[2J\nb'));
  await eventually('it is answered', () => world.status('a').lastHandledProbeRequest !== undefined);
  await world.run.settled();
  const connections = server.connections();
  await world.jump(60_000);
  world.declareRelay('a', plain(server.port), { ...ask('a\u001b[2J\nb'), more: 'x' });
  await eventually('it was read', () => world.get('a')?.metadata.annotations?.more === 'x');
  await world.run.settled();
  expect(server.connections()).toBe(connections);
});

test('an answered request stays answered after a restart', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port), ask('one'));
  await answered(world, 'a', 'one');
  await world.stop();
  const next = await openWorld({ folders: world.folders });
  await next.run.settled();
  expect(server.connections()).toBe(1);
});
