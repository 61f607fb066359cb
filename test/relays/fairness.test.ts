// Many relays at a time: bounded, and none held up by another's server.
import { expect, test } from 'vitest';
import type { Peer } from '../smtp/hostile-server.ts';
import { newFolders } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import { plain, silent, startServer } from './servers.ts';
import { declareRelay, openWorld } from './world.ts';

test('no more than concurrentProbes run at a time, and all have their turn', async () => {
  const folders = newFolders();
  const server = await startServer();
  const names = Array.from({ length: 30 }, (_, index) => `relay-${index}`);
  for (const name of names) declareRelay(folders, { name, spec: plain(server.port) });
  const world = await openWorld({ folders, settings: { concurrentProbes: 3 } });
  for (const name of names) await world.untilReady(name, 'True Succeeded');
  expect(server.connections()).toBe(30);
  // A connection that we have closed may still look open to the server.
  expect(server.mostOpen()).toBeLessThanOrEqual(6);
});

async function drip(peer: Peer): Promise<void> {
  for (const byte of '220 mx.example.com ESMTP') {
    peer.send(byte);
    await Promise.race([peer.closed, new Promise((resolve) => setTimeout(resolve, 1_000))]);
  }
}

test.each([
  ['drips a byte a second', drip],
  ['says nothing', silent],
])('a server that %s delays no other relay, even with one probe at a time', async (_, script) => {
  const folders = newFolders();
  const [slow, good] = await Promise.all([startServer(script), startServer()]);
  for (const name of ['slow-1', 'slow-2', 'slow-3']) declareRelay(folders, { name, spec: plain(slow.port) });
  const world = await openWorld({ folders, settings: { concurrentProbes: 1 } });
  await eventually('a slow one is probed', () => slow.open() > 0);
  world.declareRelay('good', plain(good.port));
  await world.untilReady('good', 'True Succeeded', { within: 15_000 });
  expect(['slow-1', 'slow-2', 'slow-3'].filter((name) => world.status(name).lastProbe)).toEqual([]);
  await world.stop();
  await eventually('nothing stays open', () => slow.open() === 0);
});

test('relays that wait for one another to try a login hold up nobody else', async () => {
  const folders = newFolders();
  const [slow, good] = await Promise.all([startServer(silent), startServer()]);
  const world = await openWorld({ folders, settings: { concurrentProbes: 1 } });
  world.declareSecret('login', 'kubernetes.io/basic-auth', { username: 'u', password: 'p' });
  const auth = { auth: { secretRef: { name: 'login' }, allowUnencrypted: true } };
  for (const name of ['slow-1', 'slow-2', 'slow-3']) world.declareRelay(name, plain(slow.port, auth));
  await eventually('a slow one is probed', () => slow.open() > 0);
  world.declareRelay('good', plain(good.port));
  await world.untilReady('good', 'True Succeeded', { within: 15_000 });
});
