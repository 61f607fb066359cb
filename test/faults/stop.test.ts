// SIGTERM while servers have the final dots of messages and take their time to answer.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useProgram } from '../cli/program.ts';
import { eventually } from '../store/eventually.ts';
import { directoryWorld, maxConnections, stopped } from './directory-world.ts';
import { report } from './report.ts';
import { startSink } from './sink.ts';

const program = useProgram();
/** The operator has 25 s. */
const held = 5_000;

test('a stop waits for the reply to what was sent, leaves the rest, and nothing is sent twice', {
  timeout: 120_000,
}, async () => {
  let answered = 0;
  let slow = false;
  const beforeReply = async () => {
    await wait(slow ? held : 0);
    answered += 1;
  };
  const sink = await startSink({ beforeReply });
  const world = directoryWorld({ program, sink });
  world.addAccounts(40);
  const operator = world.start();
  await eventually('mails flow', () => sink.deliveries.length >= 10);
  slow = true;
  await eventually('every connection waits for a reply', () => sink.deliveries.length - answered === maxConnections);
  const told = performance.now();
  await stopped(operator);
  const tookMs = Math.round(performance.now() - told);
  expect(answered).toBe(sink.deliveries.length);
  expect(world.waiting()).toBe(40 - answered);
  report('stop with open messages', { open: maxConnections, left: world.waiting(), tookMs });
  expect(tookMs).toBeLessThan(15_000);

  slow = false;
  const again = world.start();
  await world.allArrived();
  await stopped(again);
  expect(sink.judge().wrong).toEqual([]);
  expect(sink.deliveries).toHaveLength(40);
});
