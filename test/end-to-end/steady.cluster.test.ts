// A system that nothing happens in writes nothing: lease renewals apart, probes go on and the API server hears none of it.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { plainRelay, startMailServer } from './servers.ts';
import { createWorld } from './world.ts';

const relays = ['one', 'two', 'three', 'four'];

describeWithCluster('relays whose state does not change', () => {
  test('are probed again and again, with no write but lease renewals', async () => {
    const world = await createWorld(sharedControlPlane(), 'steady');
    const [good, bad] = [await startMailServer(), await startMailServer({ greeting: '554 5.3.2 No\r\n' })];
    const probe = { depth: 'Connect', interval: '10s', failureThreshold: 10 };
    for (const name of relays) await world.apply(name, plainRelay(name === 'four' ? bad.port : good.port, { probe }));
    world.startOperator();
    for (const name of relays) await world.untilReady(name, { status: name === 'four' ? 'False' : 'True' });
    await world.kubectl('wait', '--for=create', 'lease/relaykeeper-probes', '--timeout=10s');
    const [begin, goodBefore, badBefore] = [Date.now(), good.connections(), bad.connections()];
    // Nothing to wait for: what is tested is that nothing comes.
    await wait(25_000);
    expect(good.connections() - goodBefore).toBeGreaterThanOrEqual(3);
    expect(bad.connections() - badBefore).toBeGreaterThanOrEqual(1);
    const requests = (await world.requests()).filter(({ at }) => at > begin);
    const others = requests.filter(({ verb, resource }) => `${verb} ${resource}` !== 'patch leases');
    expect(others).toEqual([]);
    expect(requests.length).toBeGreaterThan(5);
    // Two leases.
    expect(requests.length).toBeLessThan(40);
  });
});
