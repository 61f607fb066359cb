// When a relay is probed again, and when a failure counts.
import { expect, test } from 'vitest';
import { plain, startServer } from './servers.ts';
import { openWorld } from './world.ts';

const second = 1_000;
const minute = 60 * second;
const broken = { greeting: '554 5.3.2 no service\r\n' };

function probe(more: object): object {
  return { probe: { interval: '10s', ...more } };
}

test('a relay is probed at its interval, and not before', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, probe({ interval: '5m' })));
  await world.untilReady('a', 'True Succeeded');
  await world.jump(4 * minute);
  expect(server.connections()).toBe(1);
  await world.jump(minute);
  expect(server.connections()).toBe(2);
});

test('a failure turns Ready only when failureThreshold of them came in a row', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, probe({ failureThreshold: 3 })));
  await world.untilReady('a', 'True Succeeded');
  server.becomes(broken);
  for (const failures of [1, 2]) {
    await world.jump(11 * second);
    await world.untilReady('a', 'True Succeeded');
    expect(world.status('a').lastProbe?.outcome).toBe('Failed');
    expect(server.connections()).toBe(1 + failures);
  }
  await world.jump(11 * second);
  const status = await world.untilReady('a', 'False ServiceUnavailable');
  expect(status.consecutiveFailures).toBe(3);
  server.becomes({});
  await world.jump(11 * second);
  expect((await world.untilReady('a', 'True Succeeded')).consecutiveFailures).toBe(0);
});

test('one success between failures starts the count anew', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, probe({ failureThreshold: 2 })));
  await world.untilReady('a', 'True Succeeded');
  for (const script of [broken, {}, broken]) {
    server.becomes(script);
    await world.jump(11 * second);
  }
  expect(server.connections()).toBe(4);
  await world.untilReady('a', 'True Succeeded');
});

test('the first failure of an edited spec counts at once', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  server.becomes(broken);
  world.declareRelay('a', plain(server.port, probe({ failureThreshold: 5 })));
  await world.untilReady('a', 'False ServiceUnavailable');
});

test('failures in a row are probed ever more rarely, up to half an hour, and a success at the interval again', async () => {
  const server = await startServer(broken);
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, probe({ failureThreshold: 1 })));
  await world.untilReady('a', 'False ServiceUnavailable');
  for (const [index, seconds] of [10, 20, 40, 80, 160].entries()) {
    await world.jump((seconds - 2) * second);
    expect(server.connections()).toBe(1 + index);
    await world.jump(2 * second);
    expect(server.connections()).toBe(2 + index);
  }
  for (let failures = 0; failures < 10; failures += 1) await world.jump(30 * minute);
  expect(server.connections()).toBe(16);
  server.becomes({});
  await world.jump(30 * minute);
  await world.jump(10 * second);
  expect(server.connections()).toBe(18);
});

test('a server that says 421 is given time from the first on', async () => {
  const server = await startServer({ greeting: '421 4.3.2 too busy\r\n' });
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, probe({ failureThreshold: 3 })));
  await world.untilReady('a', 'False ServiceUnavailable');
  await world.jump(18 * second);
  expect(server.connections()).toBe(1);
  await world.jump(2 * second);
  expect(server.connections()).toBe(2);
});

test('a restart goes on where it was: no probe before its time, then one', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, probe({ interval: '5m' })));
  await world.untilReady('a', 'True Succeeded');
  await world.stop();
  const next = await openWorld({ folders: world.folders });
  await next.run.settled();
  expect(server.connections()).toBe(1);
  expect(next.writes('a')).toEqual([]);
  await next.jump(5 * minute);
  expect(server.connections()).toBe(2);
});

test('a restart that was asked for news probes at once, and a failure counts', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  await world.stop();
  server.becomes(broken);
  const next = await openWorld({ folders: world.folders, recall: false });
  await next.run.settled();
  await next.untilReady('a', 'False ServiceUnavailable');
});

test('a restart after an edit, or in the midst of a first probe, probes at once', async () => {
  const server = await startServer(() => undefined);
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'Unknown Probing');
  await world.stop();
  server.becomes({});
  const second = await openWorld({ folders: world.folders });
  await second.untilReady('a', 'True Succeeded');
  await second.stop();
  second.declareRelay('a', plain(server.port, probe({ interval: '2h' })));
  const third = await openWorld({ folders: world.folders });
  await third.run.settled();
  expect(server.connections()).toBe(3);
  expect(third.status('a').observedGeneration).toBe(2);
});

test('a last probe of a time to come, as after a clock was set back, puts off no probe', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.clock.jump(300 * 24 * 3_600_000);
  world.declareRelay('a', plain(server.port, probe({ interval: '5m' })));
  await world.untilReady('a', 'True Succeeded');
  await world.stop();
  const next = await openWorld({ folders: world.folders });
  await next.run.settled();
  expect(server.connections()).toBe(2);
  await next.jump(6 * minute);
  expect(server.connections()).toBe(3);
  expect(Date.parse(next.status('a').lastProbe?.time ?? '')).toBeLessThan(Date.now() + 24 * 3_600_000);
});

test('a clock that is set back while it runs puts off the next probe by no more than its interval', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.clock.jump(24 * 3_600_000);
  world.declareRelay('a', plain(server.port, probe({ interval: '5m' })));
  await world.untilReady('a', 'True Succeeded');
  await world.run.settled();
  world.clock.setBack(24 * 3_600_000);
  for (let minutes = 0; minutes < 12; minutes += 1) await world.jump(minute);
  expect(server.connections()).toBeGreaterThan(1);
});
