// The replica that reminds is killed just before a run is due: the other takes over, and each reminder comes once.
// Schedules have whole minutes, so that this waits for one: in the whole form alone.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeWithCluster } from '../control-plane/shared.ts';
import type { Operator } from '../end-to-end/operator.ts';
import { eventually } from '../store/eventually.ts';
import { clusterWorld, stopped } from './cluster-world.ts';
import { report } from './report.ts';
import { isWhole } from './seeded.ts';
import { startSink } from './sink.ts';

const minute = 60_000;
const accounts = 20;
/** Before the run: time for the kill, not for another to take over. */
const killBefore = 1_500;

describeWithCluster('of two replicas, where the one that reminds is killed just before a run', () => {
  test.runIf(isWhole)('the other sends each reminder once, within 15 s', { timeout: 300_000 }, async () => {
    const sink = await startSink();
    const validTo = new Date(Date.now() + 86_400_000).toISOString();
    const validFrom = new Date(Date.now() - 30 * 86_400_000).toISOString();
    const world = await clusterWorld(sink, { validTo, validFrom });
    await world.addAccounts(accounts);
    const replicas = new Map(['first', 'second'].map((name) => [name, world.start(name)]));
    await eventually('one of them reminds', () => [...replicas.values()].some(reminds));

    const run = nextMinuteWith(20_000);
    const schedule = `${new Date(run).getUTCMinutes()} * * * *`;
    await world.applyPolicy({ reminders: [reminder(schedule)] });
    await eventually('the policy knows its next run', async () => {
      const { status } = JSON.parse(await world.kubectl('get', 'npol', 'guests', '-o', 'json'));
      return Date.parse(status?.nextRun ?? '') === run;
    });
    await wait(run - killBefore - Date.now());
    expect(sink.deliveries).toEqual([]);
    const holder = [...replicas].find(([, operator]) => reminds(operator));
    const [name = '', killed] = holder ?? [];
    killed?.signal('SIGKILL');
    const killedAt = Date.now();
    await killed?.ended;
    await world.allArrived();
    const takeoverSeconds = (Date.now() - killedAt) / 1_000;
    report('replica that reminds, killed', { accounts, takeoverSeconds });
    // The lease, 15 s at most; then the run itself, on a machine that may be busy.
    expect(takeoverSeconds).toBeLessThan(25);
    replicas.set(name, world.start(name));
    await eventually('it is back', () => replicas.get(name)?.says(' reminds'), { within: 40_000 });
    for (const operator of replicas.values()) await stopped(operator);
    expect(sink.judge()).toMatchObject({ wrong: [], excused: 0 });
    expect(sink.deliveries).toHaveLength(accounts);
  });
});

function reminds({ log }: Operator): boolean {
  return log.findLast(({ msg }) => / reminds$/.test(msg))?.msg === 'this replica reminds';
}

/** The next full minute that is at least so far away. */
function nextMinuteWith(milliseconds: number): number {
  return Math.ceil((Date.now() + milliseconds) / minute) * minute;
}

function reminder(schedule: string): Record<string, unknown> {
  return {
    name: 'guest-expiry',
    subjects: { accounts: { selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } }, expiry: 'AccountEnd' } },
    daysBefore: [1],
    schedule,
    timeZone: 'UTC',
    notify: { account: true },
  };
}
