// Events tell of transitions, and only of those.
import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { eventually } from '../store/eventually.ts';
import { plainRelay, startMailServer } from './servers.ts';
import { createWorld, type World } from './world.ts';

const closed = { greeting: '554 5.3.2 No service here\r\n' };

describeWithCluster('events', () => {
  test('a relay that stays failing makes one, its recovery one more, and so does its next failure', async () => {
    const world = await createWorld(sharedControlPlane(), 'events');
    const server = await startMailServer(closed);
    await world.apply(
      'moody',
      plainRelay(server.port, { probe: { depth: 'Connect', interval: '1h', failureThreshold: 1 } }),
    );
    world.startOperator();
    await world.untilReady('moody', { status: 'False', reason: 'ServiceUnavailable' });
    for (const _ of [1, 2, 3]) await world.requestProbe('moody');
    expect((await world.relay('moody')).status?.consecutiveFailures).toBe(4);
    server.becomes({});
    await world.requestProbe('moody');
    for (const _ of [1, 2]) await world.requestProbe('moody');
    server.becomes(closed);
    await world.requestProbe('moody');
    await eventually('the last event is there', async () => (await eventsOf(world)).length >= 3);
    expect(await eventsOf(world)).toEqual([
      { type: 'Warning', reason: 'ServiceUnavailable', action: 'Probe', regarding: 'moody' },
      { type: 'Normal', reason: 'Succeeded', action: 'Probe', regarding: 'moody' },
      { type: 'Warning', reason: 'ServiceUnavailable', action: 'Probe', regarding: 'moody' },
    ]);
    const described = await world.kubectl('describe', 'relay', 'moody');
    expect(described).toMatch(/Events:[\s\S]*Warning +ServiceUnavailable[\s\S]*No service here/);
  });
});

interface Event {
  readonly type: string;
  readonly reason: string;
  readonly action: string;
  readonly eventTime: string;
  readonly regarding: { readonly name: string };
}

async function eventsOf(world: World) {
  const { items }: { items: Event[] } = JSON.parse(await world.kubectl('get', 'events.events.k8s.io', '-o', 'json'));
  const inOrder = items.sort((a, b) => a.eventTime.localeCompare(b.eventTime));
  return inOrder.map(({ type, reason, action, regarding }) => ({ type, reason, action, regarding: regarding.name }));
}
