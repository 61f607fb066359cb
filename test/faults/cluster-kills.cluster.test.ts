// The operator on a real API server, killed at random points while mails flow through an outbox of Secrets.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeWithCluster } from '../control-plane/shared.ts';
import { credentials } from '../policies/operating.ts';
import { clusterWorld, maxConnections, stopped } from './cluster-world.ts';
import { killAtRandom } from './killing.ts';
import { report } from './report.ts';
import { kills, seeded } from './seeded.ts';
import { startSink } from './sink.ts';

/** 200 in the whole form. */
const mails = Math.max(40, 4 * kills);

describeWithCluster('an operator on a cluster', () => {
  test(`loses none of ${mails} mails at ${kills} kills, and sends none twice but at a kill`, {
    timeout: 300_000 + kills * 20_000,
  }, async () => {
    const chance = seeded('operator on a cluster, killed');
    const sink = await startSink({ beforeReply: () => wait(chance.below(40)) });
    const world = await clusterWorld(sink);
    await world.applyPolicy({ maxPerRun: 10_000, credentials: [credentials({ backfill: true })] });
    const each = Math.floor(mails / (kills + 1));
    await world.addAccounts(mails - kills * each);
    const began = performance.now();
    await killAtRandom({
      kills,
      chance,
      sink,
      start: () => world.start('the-pod'),
      meanwhile: () => world.addAccounts(each),
      within: { milliseconds: 6_000, mails: Math.ceil(mails / kills) },
    });
    const arrivedAtKills = sink.judge().arrived.size;
    const last = world.start('the-pod');
    await world.allArrived();
    await stopped(last);
    const { wrong, arrived, excused } = sink.judge();
    const seconds = (performance.now() - began) / 1_000;
    report('operator on a cluster, killed', { kills, mails, arrivedAtKills, excused, seconds });
    expect(wrong).toEqual([]);
    expect([...arrived].sort()).toEqual([...world.addresses].sort());
    expect(excused).toBeLessThanOrEqual(kills * maxConnections);

    const again = world.start('another-pod');
    await world.addAccounts(1);
    await world.allArrived();
    await stopped(again);
    expect(sink.deliveries).toHaveLength(mails + excused + 1);
  });
});
