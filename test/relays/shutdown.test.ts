// The end: soon, whatever servers do, and with nothing left behind.
import { getActiveResourcesInfo } from 'node:process';
import { expect, test } from 'vitest';
import { newFolders } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import { plain, silent, startServer } from './servers.ts';
import { declareRelay, openWorld } from './world.ts';

test('it ends within 5 s with servers that hang, and writes nothing of probes that it ended', async () => {
  const folders = newFolders();
  const server = await startServer(silent);
  const names = Array.from({ length: 10 }, (_, index) => `relay-${index}`);
  for (const name of names) declareRelay(folders, { name, spec: plain(server.port) });
  const world = await openWorld({ folders, settings: { concurrentProbes: 2 } });
  await eventually('probes hang', () => server.open() >= 2);
  const start = performance.now();
  await world.stop();
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(world.clock.waiting()).toBe(0);
  await eventually('all connections are closed', () => server.open() === 0);
  for (const name of names) expect(world.status(name).lastProbe).toBeUndefined();
});

test('it leaves no handle, no timer and no watch', async () => {
  const before = getActiveResourcesInfo().sort();
  const folders = newFolders();
  const server = await startServer();
  declareRelay(folders, { name: 'a', spec: plain(server.port) });
  const world = await openWorld({ folders });
  await world.untilReady('a', 'True Succeeded');
  await world.stop();
  // The server itself listens until the test ends.
  await eventually('what was open is closed', () => {
    const left = getActiveResourcesInfo();
    for (const known of [...before, 'TCPServerWrap']) {
      const index = left.indexOf(known);
      if (index >= 0) left.splice(index, 1);
    }
    // The wait itself runs on a timer and files that are being read end by themselves.
    return left.filter((resource) => resource !== 'Timeout' && resource !== 'Immediate').length === 0;
  });
});

test('settled resolves although the end came first', async () => {
  const server = await startServer(silent);
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await eventually('it is probed', () => server.open() === 1);
  const settled = world.run.settled();
  await world.stop();
  await settled;
});
