import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasRoom, nextRoom, type RateState, spend } from '../../../src/alarms/book/rate-gate.ts';

const gate = (): RateState => ({ slots: [], held: undefined });

test('in no window there are more mails than the limit, and in a steady stream not many fewer', () => {
  const limits = fc.record({
    messages: fc.integer({ min: 1, max: 2_000 }),
    per: fc.integer({ min: 1_000, max: 3_600_000 }),
  });
  fc.assert(
    fc.property(
      limits,
      fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 400 }),
      (limit, gaps) => {
        const state = gate();
        const sent: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const inWindow = sent.filter((at) => at > now - limit.per).length;
          if (hasRoom(state, limit, now)) {
            spend(state, limit, now);
            sent.push(now);
            expect(inWindow).toBeLessThan(limit.messages);
          } else {
            // A slot is as old as its last mail: one that is just too old may still count.
            const lately = sent.filter((at) => at > now - limit.per - limit.per / 256).length;
            expect(lately).toBeGreaterThanOrEqual(limit.messages);
          }
        }
      },
    ),
  );
});

test('room comes when it is said to come, and not before', () => {
  const limit = { messages: 2, per: 1_000 };
  const state = gate();
  spend(state, limit, 0);
  spend(state, limit, 300);
  expect(nextRoom(state, limit, 400)).toBe(1_000);
  expect(hasRoom(state, limit, 999)).toBe(false);
  expect(hasRoom(state, limit, 1_000)).toBe(true);
});

test('a million mails take no more than some hundred slots', () => {
  const limit = { messages: 1_000_000, per: 3_600_000 };
  const state = gate();
  for (let sent = 0; sent < 50_000; sent += 1) spend(state, limit, sent * 72);
  expect(state.slots.length).toBeLessThan(300);
  expect(state.slots.reduce((sum, [, mails]) => sum + mails, 0)).toBeGreaterThan(49_000);
});

test('a limit that was lowered holds for what was sent before', () => {
  const state = gate();
  for (let sent = 0; sent < 5; sent += 1) spend(state, { messages: 10, per: 1_000 }, sent);
  expect(nextRoom(state, { messages: 2, per: 1_000 }, 10)).toBe(1_003);
});

test('without a limit there is always room, and nothing is kept', () => {
  const state = gate();
  spend(state, undefined, 0);
  expect(state.slots).toEqual([]);
  expect(hasRoom(state, undefined, 0)).toBe(true);
});

test('a clock that was set back closes the gate for no longer than a window', () => {
  const limit = { messages: 1, per: 1_000 };
  const state = gate();
  spend(state, limit, 1_000_000);
  expect(hasRoom(state, limit, 5_000)).toBe(true);
});
