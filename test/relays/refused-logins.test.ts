// A login that a server refused rests, because accounts lock: the server counts what it is asked.
import { expect, test } from 'vitest';
import { probeRequestedAnnotation } from '../../src/api/smtp-relay.ts';
import { newFolders } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import { basicAuth, silent, startServer, wants, withLogin } from './servers.ts';
import { declareRelay, declareSecret, openWorld, type World } from './world.ts';

const minute = 60_000;
const often = { probe: { interval: '1m' } };
const login = (password: string) => ({ username: 'u', password });

/** A world with one relay whose login was refused once. */
async function refused() {
  let right = 'right';
  const server = await startServer(wants(() => right));
  const world = await openWorld();
  world.declareSecret('login', basicAuth, login('wrong'));
  world.declareRelay('a', withLogin(server.port, 'login', often));
  const status = await world.untilReady('a', 'False AuthenticationFailed');
  expect(server.logins()).toBe(1);
  const accept = (password: string) => {
    right = password;
  };
  return { server, world, status, accept };
}

test('neither interval nor request tries it again, and the relay stays failed with the same words', async () => {
  const { server, world, status } = await refused();
  for (let probes = 0; probes < 3; probes += 1) await world.jump(5 * minute);
  world.declareRelay('a', withLogin(server.port, 'login', often), { [probeRequestedAnnotation]: 'now' });
  const asked = await eventually('the request is answered', () =>
    world.status('a').lastHandledProbeRequest === 'now' ? world.status('a') : undefined,
  );
  expect(server.connections()).toBeGreaterThan(2);
  expect(server.logins()).toBe(1);
  expect(asked.conditions?.[0]).toMatchObject({ status: 'False', reason: 'AuthenticationFailed' });
  expect(asked.lastProbe?.message).toContain(status.lastProbe?.message);
  expect(asked.lastProbe?.message).toContain('not tried again until');
});

test('what the server said when it refused stays to be read', async () => {
  const { world, status } = await refused();
  await world.jump(20 * minute);
  expect(world.status('a').lastFailure).toEqual(status.lastProbe);
  expect(world.status('a').lastFailure?.replyCode).toBe(535);
});

test('a changed Secret is tried at once', async () => {
  const { server, world, accept } = await refused();
  accept('better');
  world.declareSecret('login', basicAuth, login('better'));
  await world.untilReady('a', 'True Succeeded');
  expect(server.logins()).toBe(2);
});

test('an edited spec is tried at once, and rests again', async () => {
  const { server, world } = await refused();
  world.declareRelay('a', withLogin(server.port, 'login', { probe: { interval: '2m' } }));
  await eventually('it is tried', () => server.logins() === 2);
  await world.jump(10 * minute);
  expect(server.logins()).toBe(2);
});

test('it is tried again after an hour, once', async () => {
  const { server, world } = await refused();
  for (let minutes = 0; minutes < 55; minutes += 5) await world.jump(5 * minute);
  expect(server.logins()).toBe(1);
  for (let minutes = 0; minutes < 60; minutes += 5) await world.jump(5 * minute);
  expect(server.logins()).toBe(2);
});

test('it is not tried by another relay on the same server', async () => {
  const { server, world } = await refused();
  world.declareRelay('b', withLogin(server.port, 'login', often));
  await world.untilReady('b', 'False AuthenticationFailed');
  expect(server.logins()).toBe(1);
  expect(world.status('b').lastFailure?.replyCode).toBe(535);
});

test('a probe that does not log in frees it for none', async () => {
  const { server, world } = await refused();
  world.declareRelay('b', withLogin(server.port, 'login', { probe: { interval: '1m', depth: 'Connect' } }));
  await world.untilReady('b', 'True Succeeded');
  await world.jump(10 * minute);
  await world.jump(10 * minute);
  expect(server.logins()).toBe(1);
});

test('relays that share a login try a new one once, not all at a time', async () => {
  const server = await startServer(wants(() => 'right'));
  const folders = newFolders();
  declareSecret(folders, { name: 'login', type: basicAuth, data: login('wrong') });
  const names = Array.from({ length: 10 }, (_, index) => `relay-${index}`);
  for (const name of names) declareRelay(folders, { name, spec: withLogin(server.port, 'login', often) });
  const world = await openWorld({ folders });
  for (const name of names) await world.untilReady(name, 'False AuthenticationFailed');
  expect(server.logins()).toBe(1);
  world.declareSecret('login', basicAuth, login('right'));
  for (const name of names) await world.untilReady(name, 'True Succeeded');
});

test('relays that share a login wait for no one where the server is dead', async () => {
  const server = await startServer(silent);
  const world = await openWorld();
  world.declareSecret('login', basicAuth, login('any'));
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names)
    world.declareRelay(name, withLogin(server.port, 'login', { ...often, connectionTimeout: '5s' }));
  await eventually('all are probed at a time', () => server.mostOpen() === names.length);
});

async function restarted(world: World, recall = true): Promise<World> {
  await world.stop();
  return openWorld({ folders: world.folders, clock: world.clock, recall });
}

test.each([
  ['', true],
  [' that probes all relays at its start', false],
])('it is not tried again after a restart%s, nor by a new relay then', async (_, recall) => {
  const { server, world, status } = await refused();
  await world.jump(10 * minute);
  const next = await restarted(world, recall);
  await next.run.settled();
  next.declareRelay('b', withLogin(server.port, 'login', often));
  await next.untilReady('b', 'False AuthenticationFailed');
  await next.jump(10 * minute);
  expect(server.logins()).toBe(1);
  const message = next.status('a').lastProbe?.message ?? '';
  expect(message).toContain(status.lastProbe?.message);
  expect(message.split('not tried again until')).toHaveLength(2);
});

test('restarts do not make the hour longer or shorter', async () => {
  const { server, world } = await refused();
  let current = world;
  for (let minutes = 0; minutes < 50; minutes += 10) {
    await current.jump(10 * minute);
    current = await restarted(current, false);
  }
  await current.run.settled();
  expect(server.logins()).toBe(1);
  await current.jump(11 * minute);
  expect(server.logins()).toBe(2);
  current = await restarted(current, false);
  await current.jump(10 * minute);
  expect(server.logins()).toBe(2);
});

test('a Secret that was mended while nothing ran is tried at once', async () => {
  const { server, world } = await refused();
  await world.stop();
  world.declareSecret('login', basicAuth, login('right'));
  const next = await restarted(world);
  await next.untilReady('a', 'True Succeeded');
  expect(server.logins()).toBe(2);
});

test('a spec that was edited while nothing ran is tried at once', async () => {
  const { server, world } = await refused();
  await world.stop();
  world.declareRelay('a', withLogin(server.port, 'login', { probe: { interval: '3m' } }));
  const next = await restarted(world);
  await eventually('it is tried', () => server.logins() === 2);
  await next.run.settled();
});
