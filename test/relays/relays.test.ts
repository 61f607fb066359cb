// The life of a relay: first probe, edits, removal; and that each relay goes its own way.
import { expect, test } from 'vitest';
import { unusedPort } from '../../demo/other-listeners.ts';
import { newFolders, writeFile } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import { plain, silent, startServer } from './servers.ts';
import { conditionsOf } from './statuses.ts';
import { declareRelay, openWorld } from './world.ts';

test('a new relay is probed, and its status says what was seen', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  const status = await world.untilReady('a', 'True Succeeded');
  expect(conditionsOf(status)).toEqual([
    'Ready=True Succeeded',
    'Accepted=True Accepted',
    'ReferencesResolved=True Resolved',
    'Reachable=True Connected',
    'Encrypted=False NotWanted',
  ]);
  expect(status).toMatchObject({
    observedGeneration: 1,
    effective: { endpoint: `127.0.0.1:${server.port}`, tlsMode: 'None', ehloName: 'relay.example.com' },
    lastProbe: { outcome: 'Succeeded', address: `127.0.0.1:${server.port}` },
    consecutiveFailures: 0,
    lastSuccessTime: status.lastProbe?.time,
  });
  expect(world.writes('a')).toHaveLength(1);
  expect(world.events.map(({ type, reason }) => `${type} ${reason}`)).toEqual(['Normal Succeeded']);
  expect(server.connections()).toBe(1);
});

test('all relays that are there at the start have their status once it has settled', async () => {
  const server = await startServer();
  const refused = await unusedPort();
  const folders = newFolders();
  const names = Array.from({ length: 20 }, (_, index) => `relay-${index}`);
  for (const [index, name] of names.entries())
    declareRelay(folders, { name, spec: plain(index % 2 === 0 ? server.port : refused) });
  const world = await openWorld({ folders });
  await world.run.settled();
  const ready = names.map((name) => world.status(name).conditions?.[0]?.reason);
  expect(ready).toEqual(names.map((_, index) => (index % 2 === 0 ? 'Succeeded' : 'ConnectionRefused')));
});

test('an edit of the spec ends a slow probe of the old one, and is probed at once', async () => {
  const [slow, good] = await Promise.all([startServer(silent), startServer()]);
  const world = await openWorld();
  world.declareRelay('a', plain(slow.port));
  const probing = await world.untilReady('a', 'Unknown Probing');
  expect(conditionsOf(probing)).toContain('Reconciling=True Probing');
  world.declareRelay('a', plain(good.port));
  const status = await world.untilReady('a', 'True Succeeded', { within: 5_000 });
  expect(status.observedGeneration).toBe(2);
  expect(conditionsOf(status)).not.toContain('Reconciling=True Probing');
  await eventually('the old connection is closed', () => slow.open() === 0);
  expect(world.writes('a').map(({ lastProbe }) => lastProbe?.address)).not.toContain(`127.0.0.1:${slow.port}`);
});

test('an edit of labels and comments is no reason to probe', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  const before = world.get('a')?.metadata.resourceVersion;
  world.declareRelay('a', plain(server.port), { note: 'changed' });
  await eventually('it was read', () => world.get('a')?.metadata.resourceVersion !== before);
  await world.run.settled();
  expect(server.connections()).toBe(1);
  expect(world.writes('a')).toHaveLength(1);
});

test('a relay that is removed is forgotten: no timer, no connection, no status', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  await world.run.settled();
  expect(world.clock.waiting()).toBe(1);
  world.remove('a');
  await eventually('nothing waits', () => world.clock.waiting() === 0);
  await world.jump(24 * 3_600_000);
  expect(world.get('a')).toBeUndefined();
  expect(server.connections()).toBe(1);
});

test('a relay that is removed while it is probed leaves nothing behind', async () => {
  const server = await startServer(silent);
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await eventually('it is probed', () => server.open() === 1);
  world.remove('a');
  await eventually('the connection is closed', () => server.open() === 0);
  await world.run.settled();
  expect(world.clock.waiting()).toBe(0);
});

test('a relay that comes back after its removal is a new one', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  world.remove('a');
  await eventually('it is gone', () => world.get('a') === undefined);
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  expect(server.connections()).toBe(2);
});

test('a broken file keeps no relay of another file from being probed', async () => {
  const server = await startServer();
  const world = await openWorld();
  writeFile(world.folders.directory, 'broken.yaml', 'kind: [');
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
});

test('a bug that stops one reconcile stops no other relay', async () => {
  const server = await startServer();
  const folders = newFolders();
  for (const name of ['a', 'b']) declareRelay(folders, { name, spec: plain(server.port) });
  const world = await openWorld({
    folders,
    wrap: (store) => ({
      ...store,
      follow: (key, references) => {
        if (key.name === 'a') throw new Error('a bug');
        store.follow(key, references);
      },
    }),
  });
  await world.untilReady('b', 'True Succeeded');
  expect(world.errors.join()).toContain('a bug stopped the reconcile of this relay');
  await world.run.settled();
  expect(world.clock.waiting()).toBe(2);
});
