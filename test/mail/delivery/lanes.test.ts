// What is kept of relays, by a clock that the test moves.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLanes } from '../../../src/mail/delivery/lanes.ts';
import type { Failure } from '../../../src/smtp/failure.ts';
import type { Session } from '../../../src/smtp/session/session.ts';
import { makeRelay } from './delivering.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused: Failure = {
  stage: 'Connect',
  reason: 'ConnectionRefused',
  what: 'Nobody listens.',
  remedy: undefined,
  reply: undefined,
};

function setUp({ failsFirst = false } = {}) {
  const session: Session = {
    link: 'plain',
    ended: false,
    send: () => Promise.reject(new Error('unused')),
    close: async () => undefined,
  };
  const states: string[] = [];
  let fails = failsFirst;
  const lanes = createLanes({
    async open() {
      if (!fails) return { kind: 'open', session };
      fails = false;
      return { kind: 'failed', failure: refused };
    },
    now: Date.now,
    random: () => 0.5,
    idleTime: 30_000,
    onState: ({ state }) => states.push(state.kind),
  });
  const minutes = async (count: number) => {
    for (let minute = 0; minute < count; minute += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      lanes.room(0);
    }
  };
  return { lanes, minutes, states, relay: makeRelay({ target: { port: 1 } }) };
}

test('a lane that nobody uses any more goes within minutes, and with it the password of its relay', async () => {
  const { lanes, minutes, relay } = setUp();
  const lane = lanes.laneTo(relay);
  const taken = await lane.take();
  if (taken.kind === 'session') lane.giveBack(taken.session, 'sent');
  await minutes(1);
  expect(lanes.laneTo(relay)).toBe(lane);
  await minutes(4);
  const next = lanes.laneTo(relay);
  expect(next).not.toBe(lane);
  expect(await next.take()).toMatchObject({ kind: 'session', reused: false });
});

test('a lane that a message is under way in stays, however long that takes', async () => {
  const { lanes, minutes, relay } = setUp();
  const lane = lanes.laneTo(relay);
  expect(await lane.take()).toMatchObject({ kind: 'session' });
  await minutes(15);
  expect(lanes.laneTo(relay)).toBe(lane);
});

test('a relay that was down and is used again after its lane went is told to be up', async () => {
  const { lanes, minutes, states, relay } = setUp({ failsFirst: true });
  const lane = lanes.laneTo(relay);
  expect(await lane.take()).toMatchObject({ kind: 'failed' });
  await minutes(5);
  const next = lanes.laneTo(relay);
  expect(next).not.toBe(lane);
  expect(await next.take()).toMatchObject({ kind: 'session' });
  expect(states).toEqual(['down', 'up']);
});
