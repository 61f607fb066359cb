// What is written, and when: nothing while nothing changes but for a heartbeat, and never more than fits.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unusedPort } from '../../demo/other-listeners.ts';
import { maxStatusBytes } from '../../src/api/fit-status.ts';
import { eventually } from '../store/eventually.ts';
import { plain, startServer } from './servers.ts';
import { openWorld, type World } from './world.ts';

const minute = 60_000;
const everyMinute = { probe: { interval: '1m' } };

test.each([
  ['works', {}, 'True Succeeded'],
  ['fails', { greeting: '554 5.3.2 no service\r\n' }, 'False ServiceUnavailable'],
] as const)(
  'a relay that %s as before is written once a heartbeat, with the newest times',
  async (_, script, ready) => {
    const server = await startServer(script);
    const world = await openWorld();
    world.declareRelay('a', plain(server.port, { probe: { interval: '1m', failureThreshold: 100 } }));
    await world.untilReady('a', ready);
    for (let minutes = 0; minutes < 13; minutes += 1) await world.jump(1.1 * minute);
    expect(server.connections()).toBe(14);
    expect(world.writes('a')).toHaveLength(1);
    await world.jump(1.1 * minute);
    expect(world.writes('a')).toHaveLength(2);
    const [first, second] = world.writes('a').map(({ lastProbe }) => Date.parse(lastProbe?.time ?? ''));
    expect(second).toBeGreaterThan((first ?? 0) + 14 * minute);
    for (let minutes = 0; minutes < 13; minutes += 1) await world.jump(1.1 * minute);
    expect(world.writes('a')).toHaveLength(2);
  },
);

test('a restart writes nothing before the heartbeat of the one before', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, everyMinute));
  await world.untilReady('a', 'True Succeeded');
  await world.jump(5 * minute);
  await world.stop();
  const next = await openWorld({ folders: world.folders, clock: world.clock });
  for (let minutes = 0; minutes < 5; minutes += 1) await next.jump(1.1 * minute);
  expect(server.connections()).toBeGreaterThan(5);
  expect(next.writes('a')).toHaveLength(0);
  for (let minutes = 0; minutes < 5; minutes += 1) await next.jump(1.1 * minute);
  expect(next.writes('a')).toHaveLength(1);
});

const statusFile = ({ folders }: World) => join(folders.stateDirectory, 'status', 'mail', 'SmtpRelay', 'a.yaml');

test.each<[string, (path: string) => void]>([
  ['overwrote', (path) => writeFileSync(path, 'status: {observedGeneration: 99, conditions: []}\n')],
  ['filled with rubbish', (path) => writeFileSync(path, '\u0000[{')],
  ['removed', (path) => rmSync(path)],
])('a status that somebody %s is restored, with no probe and no event', async (_, damage) => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  const status = await world.untilReady('a', 'True Succeeded');
  damage(statusFile(world));
  await eventually('it was written again', () => world.writes('a').length === 2);
  expect(world.status('a')).toEqual(status);
  expect(server.connections()).toBe(1);
  expect(world.events).toHaveLength(1);
});

test('a status that cannot be written is written once it can be, without a probe', async () => {
  const server = await startServer();
  let works = false;
  const world = await openWorld({
    wrap: (store) => ({
      ...store,
      writeStatus: (relay, status) =>
        works ? store.writeStatus(relay, status) : Promise.resolve({ kind: 'unavailable', message: 'no' }),
    }),
  });
  world.declareRelay('a', plain(server.port));
  await eventually('it was tried', () => world.errors.length > 0);
  expect(world.errors[0]).toContain('status could not be written and will be tried again: no');
  works = true;
  await world.jump(11_000);
  await world.untilReady('a', 'True Succeeded');
  expect(server.connections()).toBe(1);
  expect(world.events).toHaveLength(1);
});

test('events tell of transitions only', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, { probe: { interval: '1m', failureThreshold: 1 } }));
  await world.untilReady('a', 'True Succeeded');
  await world.jump(2 * minute);
  server.becomes({ greeting: '554 5.3.2 no service\r\n' });
  await world.jump(2 * minute);
  await world.jump(2 * minute);
  server.becomes({});
  await world.jump(30 * minute);
  await world.jump(2 * minute);
  expect(world.events.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
    'Normal Succeeded',
    'Warning ServiceUnavailable',
    'Normal Succeeded',
  ]);
});

test('a server that says far too much fits into the status all the same', async () => {
  const capabilities = Array.from({ length: 90 }, (_, index) => `X-${index} ${'\u0001\u00ff'.repeat(120)}`);
  const server = await startServer({
    capabilities,
    on: {
      MAIL: Array.from({ length: 90 }, () => `550-${'\u0007x'.repeat(200)}\r\n`)
        .join('')
        .concat('550 no\r\n'),
    },
  });
  const world = await openWorld();
  world.declareRelay(
    'a',
    plain(server.port, {
      sender: { address: 'a@example.com' },
      probe: { interval: '1m', depth: 'Envelope', recipient: 'b@example.com', failureThreshold: 1 },
    }),
  );
  const status = await eventually('it failed', () =>
    world.status('a').conditions?.[0]?.status === 'False' ? world.status('a') : undefined,
  );
  expect(status.lastProbe?.failedStage).toBe('Envelope');
  expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThanOrEqual(maxStatusBytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
  expect(JSON.stringify(status)).not.toMatch(/[\u0000-\u001f]/);
  const writes = world.writes('a').length;
  for (let minutes = 0; minutes < 5; minutes += 1) await world.jump(2 * minute);
  expect(world.writes('a').length).toBe(writes);
});

test('a reason that changes is written at once', async () => {
  const server = await startServer({ greeting: '554 5.3.2 no service\r\n' });
  const world = await openWorld();
  world.declareRelay('a', plain(server.port, everyMinute));
  await world.untilReady('a', 'False ServiceUnavailable');
  world.declareRelay('a', plain(await unusedPort(), everyMinute));
  await world.untilReady('a', 'False ConnectionRefused');
  expect(world.writes('a')).toHaveLength(2);
});
