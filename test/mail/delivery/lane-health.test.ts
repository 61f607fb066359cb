import { describe, expect, test } from 'vitest';
import { createLaneHealth, type LaneHealth } from '../../../src/mail/delivery/lane-health.ts';
import type { Failure } from '../../../src/smtp/failure.ts';

const refused: Failure = {
  stage: 'Connect',
  reason: 'ConnectionRefused',
  what: 'Nobody there.',
  remedy: undefined,
  reply: undefined,
};

const failAt = (health: LaneHealth, now: number, open = 0) => health.notConnected(refused, { open, now, random: 0.5 });

describe('a relay', () => {
  test('gets one connection first, and twice as many with each message that it answers, up to its limit', () => {
    const health = createLaneHealth(5);
    const seen = [health.allowed(0)];
    for (let i = 0; i < 4; i += 1) {
      health.sent();
      seen.push(health.allowed(0));
    }
    expect(seen).toEqual([1, 2, 4, 5, 5]);
  });

  test('that cannot be reached rests 5 s, and longer each time, up to a minute', () => {
    const health = createLaneHealth(5);
    const rests: number[] = [];
    let now = 0;
    for (let i = 0; i < 6; i += 1) {
      failAt(health, now);
      expect(health.down(now)).toBe(refused);
      rests.push(health.restsUntil - now);
      now = health.restsUntil;
      expect(health.down(now)).toBeUndefined();
    }
    expect(rests).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  test('that is back starts with one connection, and with the shortest rest', () => {
    const health = createLaneHealth(8);
    for (let i = 0; i < 5; i += 1) health.sent();
    failAt(health, 0);
    failAt(health, 5_000);
    health.connected();
    expect(health).toMatchObject({ isDown: false, restsUntil: 0 });
    expect(health.allowed(5_000)).toBe(1);
    failAt(health, 100_000);
    expect(health.restsUntil).toBe(105_000);
  });

  test('that refuses one more connection keeps those it has, and is asked for more after a minute', () => {
    const health = createLaneHealth(8);
    for (let i = 0; i < 5; i += 1) health.sent();
    failAt(health, 0, 3);
    expect(health.down(0)).toBeUndefined();
    expect(health.allowed(1_000)).toBe(3);
    expect(health.allowed(60_000)).toBe(8);
  });

  test('that asks for less gets half', () => {
    const health = createLaneHealth(8);
    for (let i = 0; i < 5; i += 1) health.sent();
    health.slowDown();
    expect(health.allowed(0)).toBe(4);
    for (let i = 0; i < 5; i += 1) health.slowDown();
    expect(health.allowed(0)).toBe(1);
  });
});
