// The operator on a directory with a mail server that dies and comes back, or answers at random.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useProgram } from '../cli/program.ts';
import { eventually } from '../store/eventually.ts';
import { directoryWorld, maxConnections, stopped } from './directory-world.ts';
import { report } from './report.ts';
import { isWhole, kills, seeded } from './seeded.ts';
import { type Step, startSink } from './sink.ts';
import { tryAgain } from './try-again.ts';

const program = useProgram();
const mails = Math.max(60, 10 * kills);
/** After each the operator lets the server rest for five seconds. */
const deaths = isWhole ? kills : 2;

test(`a mail server that is killed ${deaths} times gets all of ${mails} mails, twice only what it was killed over`, {
  timeout: 120_000 + deaths * 30_000,
}, async () => {
  const chance = seeded('mail server, killed');
  const sink = await startSink({ beforeReply: () => wait(chance.below(40)) });
  const world = directoryWorld({ program, sink });
  world.addAccounts(mails);
  const began = performance.now();
  const operator = world.start();
  const enough = new AbortController();
  const asking = tryAgain(world.folders, enough.signal);
  const done = () => sink.judge().arrived.size === mails && world.waiting() === 0;
  let died = 0;
  for (; died < deaths; died += 1) {
    const before = sink.deliveries.length;
    const more = 1 + chance.below(Math.ceil(mails / deaths / 2));
    await eventually('mails flow', () => sink.deliveries.length >= before + more || done(), {
      within: 120_000,
    });
    if (done()) break;
    await wait(chance.below(30));
    await sink.die();
    // Half of the times it is back before anybody knocks.
    if (chance.next() < 0.5) await wait(chance.below(1_500));
    await sink.startAgain();
  }
  await world.allArrived({ within: 180_000 });
  enough.abort();
  const asked = await asking;
  await stopped(operator);
  const { wrong, excused } = sink.judge();
  report('mail server, killed', { died, mails, excused, asked, seconds: (performance.now() - began) / 1_000 });
  expect(died).toBeGreaterThan(deaths / 2);
  expect(wrong).toEqual([]);
  expect(excused).toBeLessThanOrEqual(died * maxConnections);
  expect(sink.deliveries).toHaveLength(mails + excused);
});

const troubles = ['421 4.3.0 going down', '450 4.2.0 busy', '452 4.3.1 no space', '550 5.1.1 who?', '552 5.2.2 full'];

test(`of ${mails} mails to a server that answers at random each arrives once, or is dead with the reply shown`, {
  timeout: 300_000 + kills * 10_000,
}, async () => {
  const chance = seeded('mail server, at random');
  const refused = new Map<string, string>();
  const given: Record<string, number> = {};
  const tried = new Set<string>();
  const answer = (_: Step, to: string) => {
    tried.add(to);
    const trouble = chance.next() < 0.08 ? troubles[chance.below(troubles.length)] : undefined;
    if (trouble === undefined) return undefined;
    if (trouble.startsWith('5')) refused.set(to, trouble);
    given[trouble.slice(0, 3)] = (given[trouble.slice(0, 3)] ?? 0) + 1;
    return trouble;
  };
  const sink = await startSink({ answer });
  const world = directoryWorld({ program, sink });
  world.addAccounts(mails);
  const began = performance.now();
  const operator = world.start();
  // In the whole form the first retries come by themselves, a minute later.
  if (isWhole) {
    await eventually('each was tried', () => tried.size === mails, { within: 120_000 });
    await retriedByThemselves(world.waiting);
  }
  const byItself = sink.judge().arrived.size;
  const enough = new AbortController();
  const asking = tryAgain(world.folders, enough.signal);
  await world.allArrived({ but: () => refused.size, within: 180_000 });
  enough.abort();
  const asked = await asking;

  const listed = await program.run(['outbox', 'list', ...world.flags, '--show-addresses', '-o', 'json']);
  const dead: { to: string; state: string; lastAttempt: { reply: string } }[] = JSON.parse(listed.stdout);
  const seconds = (performance.now() - began) / 1_000;
  report('mail server, at random', { mails, given, dead: dead.length, byItself, asked, seconds });
  expect(dead.map(({ state }) => state)).toEqual(dead.map(() => 'Dead'));
  expect(new Map(dead.map(({ to, lastAttempt }) => [to, lastAttempt.reply]))).toEqual(refused);
  expect(Object.keys(given).length).toBeGreaterThan(2);
  await stopped(operator);
  expect(sink.judge().wrong).toEqual([]);
  expect(sink.deliveries).toHaveLength(mails - refused.size);
});

/** What waits longest after one failure is tried again after 72 s. */
async function retriedByThemselves(waiting: () => number): Promise<void> {
  const before = waiting();
  await eventually('most that were put off are gone', () => waiting() < before / 2, { within: 120_000 });
}
