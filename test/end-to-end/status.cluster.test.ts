// Whose status it is: what somebody else writes over it does not stay, and a new relay has nothing of an older one.
import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { fastest } from './fastest.ts';
import { plainRelay, startMailServer } from './servers.ts';
import { conditionOf, createWorld } from './world.ts';

const promised = 2_000;

describeWithCluster('the status of a relay', () => {
  test.each([
    [
      'that says it is not Ready',
      {
        conditions: [
          { type: 'Ready', status: 'False', reason: 'Forged', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
        ],
      },
    ],
    ['without anything', null],
    ['of a later spec', { observedGeneration: 99 }],
  ])('%s, written by somebody else, is put right at once, without a probe', async (_, forged) => {
    const world = await createWorld(sharedControlPlane(), 'forged');
    const server = await startMailServer();
    await world.apply('relay', plainRelay(server.port));
    world.startOperator();
    const { status } = await world.untilReady('relay', { status: 'True', reason: 'Succeeded' });
    const took = await fastest(promised, async () => async () => {
      const patch = JSON.stringify({ status: forged });
      await world.kubectl('patch', 'relay', 'relay', '--subresource=status', '--type=merge', '-p', patch);
      await expect.poll(async () => (await world.relay('relay')).status, { timeout: 20_000 }).toEqual(status);
    });
    expect(took).toBeLessThan(promised);
    expect(server.connections()).toBe(1);
  });

  test('a relay that is deleted and made anew, unlike the old one, is probed anew and begins with nothing', async () => {
    const world = await createWorld(sharedControlPlane(), 'anew');
    const server = await startMailServer();
    await world.apply('relay', plainRelay(server.port));
    world.startOperator();
    const old = await world.untilReady('relay', { status: 'True' });
    await world.kubectl('delete', 'relay', 'relay');
    server.becomes({ greeting: '554 5.3.2 No service here\r\n' });
    await world.apply('relay', plainRelay(server.port));
    const made = await world.untilReady('relay', { status: 'False', reason: 'ServiceUnavailable' });
    expect(made.metadata.uid).not.toBe(old.metadata.uid);
    expect(made.status?.lastSuccessTime).toBeUndefined();
    expect(made.status?.consecutiveFailures).toBe(1);
    expect(server.connections()).toBe(2);
  });

  test('a changed spec is probed at once, and the old verdict is not given for it', async () => {
    const world = await createWorld(sharedControlPlane(), 'changed');
    const [first, second] = [await startMailServer(), await startMailServer({ greeting: '554 5.3.2 No\r\n' })];
    await world.apply('relay', plainRelay(first.port));
    const operator = world.startOperator();
    await world.untilReady('relay', { status: 'True' });
    await world.apply('relay', plainRelay(second.port));
    const seen = await world.untilReady('relay', { status: 'False', reason: 'ServiceUnavailable' });
    expect(seen.status).toMatchObject({ observedGeneration: 2, effective: { port: second.port } });
    expect(conditionOf(seen, 'Reachable')?.observedGeneration).toBe(2);
    await world.kubectl('delete', 'relay', 'relay');
    operator.signal('SIGTERM');
    expect(await operator.ended).toBe(0);
    expect(operator.log.filter(({ level }) => level >= 50)).toEqual([]);
  });
});
