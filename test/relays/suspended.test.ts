// spec.suspend: the last status stays, nothing is connected to.
import { expect, test } from 'vitest';
import { eventually } from '../store/eventually.ts';
import { plain, silent, startServer, withLogin } from './servers.ts';
import { conditionsOf } from './statuses.ts';
import { openWorld } from './world.ts';

test('a suspended relay keeps what was seen and says Suspended; resumed, it is probed at once', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  const seen = await world.untilReady('a', 'True Succeeded');
  world.declareRelay('a', plain(server.port, { suspend: true }));
  const suspended = await world.untilReady('a', 'True Suspended');
  expect(conditionsOf(suspended).slice(1)).toEqual(conditionsOf(seen).slice(1));
  expect(suspended.lastProbe).toEqual(seen.lastProbe);
  await world.jump(24 * 3_600_000);
  expect(server.connections()).toBe(1);
  expect(world.writes('a')).toHaveLength(2);
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  expect(server.connections()).toBe(2);
});

test('a relay that is suspended from the start is not probed, and stalls, so that nobody waits for it', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, { suspend: true }));
  const status = await world.untilReady('a', 'False Suspended');
  expect(conditionsOf(status)).toEqual(['Ready=False Suspended', 'Stalled=True Suspended']);
  expect(server.connections()).toBe(0);
});

test('to suspend ends a slow probe, and nobody waits for its end', async () => {
  const server = await startServer(silent);
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'Unknown Probing');
  world.declareRelay('a', plain(server.port, { suspend: true }));
  const status = await world.untilReady('a', 'False Suspended', { within: 5_000 });
  expect(conditionsOf(status)).not.toContain('Reconciling=True Probing');
  await eventually('the connection is closed', () => server.open() === 0);
});

test('a failing relay that is suspended stays False, a missing Secret is not looked for', async () => {
  const server = await startServer({ greeting: '554 5.3.2 no service\r\n' });
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  world.declareRelay('b', withLogin(server.port, 'missing'));
  await world.untilReady('a', 'False ServiceUnavailable');
  await world.untilReady('b', 'False SecretNotFound');
  world.declareRelay('a', plain(server.port, { suspend: true }));
  world.declareRelay('b', withLogin(server.port, 'missing', { suspend: true }));
  await world.untilReady('a', 'False Suspended');
  await world.untilReady('b', 'False Suspended');
});

test('a suspended relay whose spec cannot be used is refused first', async () => {
  const world = await openWorld();
  world.declareRelay('a', plain(0, { suspend: true }));
  await world.untilReady('a', 'False SchemaInvalid');
  world.declareRelay('a', plain(25, { suspend: true }));
  const status = await world.untilReady('a', 'False Suspended');
  expect(conditionsOf(status).join()).not.toContain('SchemaInvalid');
});
