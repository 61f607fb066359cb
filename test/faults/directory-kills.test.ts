// The operator on a directory, killed at random points while mails flow through its spool.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useProgram } from '../cli/program.ts';
import { directoryWorld, maxConnections, stopped } from './directory-world.ts';
import { killAtRandom } from './killing.ts';
import { report } from './report.ts';
import { kills, seeded } from './seeded.ts';
import { startSink } from './sink.ts';

const program = useProgram();
/** 500 in the whole form. */
const mails = Math.max(60, 10 * kills);

test(`of ${mails} mails none is lost at ${kills} kills of the operator, and none comes twice but at a kill`, {
  timeout: 120_000 + kills * 15_000,
}, async () => {
  const chance = seeded('operator on a directory, killed');
  const sink = await startSink({ beforeReply: () => wait(chance.below(40)) });
  const world = directoryWorld({ program, sink });
  const each = Math.floor(mails / (kills + 1));
  world.addAccounts(mails - kills * each);
  const began = performance.now();
  await killAtRandom({
    kills,
    chance,
    sink,
    start: world.start,
    meanwhile: () => world.addAccounts(each),
    within: { milliseconds: 2_500, mails: Math.ceil(mails / kills) },
  });
  const arrivedAtKills = sink.judge().arrived.size;
  const last = world.start();
  await world.allArrived();
  await stopped(last);
  const { wrong, arrived, excused } = sink.judge();
  report('operator on a directory, killed', {
    kills,
    mails,
    arrivedAtKills,
    excused,
    seconds: (performance.now() - began) / 1_000,
  });
  expect(wrong).toEqual([]);
  expect([...arrived].sort()).toEqual([...world.addresses].sort());
  expect(excused).toBeLessThanOrEqual(kills * maxConnections);
  expect((await program.run(['run', ...world.flags, '--once'])).code).toBe(0);
  expect(sink.deliveries).toHaveLength(mails + excused);
});
