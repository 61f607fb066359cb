// The way to one relay under a clock of its own: what no real server does in the time of a test.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLane } from '../../../src/mail/delivery/lane.ts';
import type { OpenedSession } from '../../../src/smtp/session/open-session.ts';
import type { Session } from '../../../src/smtp/session/session.ts';
import { makeRelay } from './delivering.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const second = 1_000;

function laneWith(open: () => Promise<OpenedSession>) {
  const relay = makeRelay({ target: { port: 1 }, limits: { maxConnections: 1, messagesPerMinute: 0 } });
  const fixed = { now: Date.now, random: () => 0.5, idleTime: 30 * second, onState: () => undefined };
  return createLane(relay, { ...fixed, open });
}

function session(): Session {
  return { link: 'plain', ended: false, send: () => Promise.reject(new Error('unused')), close: async () => undefined };
}

test('a connection that takes longer to open than anybody waits serves who asked for it, then the others', async () => {
  let opens = 0;
  const lane = laneWith(async () => {
    opens += 1;
    await new Promise((resolve) => setTimeout(resolve, 70 * second));
    return { kind: 'open', session: session() };
  });
  const [first, next] = [lane.take(), lane.take()];
  await vi.advanceTimersByTimeAsync(71 * second);
  const taken = await first;
  expect(taken).toMatchObject({ kind: 'session', reused: false });
  expect(await next).toMatchObject({ kind: 'busy' });
  if (taken.kind === 'session') lane.giveBack(taken.session, 'sent');
  expect(await lane.take()).toMatchObject({ kind: 'session', reused: true });
  expect(opens).toBe(1);
});

test('who waits too long comes back later, and nobody else loses a place by it', async () => {
  const lane = laneWith(async () => ({ kind: 'open', session: session() }));
  const first = await lane.take();
  const early = lane.take();
  await vi.advanceTimersByTimeAsync(40 * second);
  const late = lane.take();
  await vi.advanceTimersByTimeAsync(21 * second);
  expect(await early).toMatchObject({ kind: 'busy' });
  if (first.kind === 'session') lane.giveBack(first.session, 'sent');
  expect(await late).toMatchObject({ kind: 'session', reused: true });
});
