import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestBackoff, probeDelay } from '../../src/relays/probe-schedule.ts';
import { failed, spec, succeeded } from './statuses.ts';

const { probe } = spec;
const refused = failed('Connect', 'ConnectionRefused');
const minute = 60_000;

test.each([
  ['a success is followed by the interval', succeeded, 0, 5 * minute],
  ['a first failure too, so that a blip is soon over', refused, 1, 5 * minute],
  ['failures up to the threshold too', refused, 3, 5 * minute],
  ['then waits double', refused, 4, 10 * minute],
  ['and double', refused, 5, 20 * minute],
  ['to half an hour at most', refused, 50, 30 * minute],
  ['421 is waited for at once', failed('Greeting', 'ServiceUnavailable', { replyCode: 421 }), 1, 10 * minute],
  ['so is 450', failed('Envelope', 'MailboxUnavailable', { replyCode: 450 }), 2, 20 * minute],
])('%s', (_, report, consecutiveFailures, expected) => {
  expect(probeDelay({ probe, report, consecutiveFailures, random: 0.5 })).toBe(expected);
});

test('an interval longer than the backoff stays the interval', () => {
  expect(
    probeDelay({ probe: { ...probe, interval: '2h' }, report: refused, consecutiveFailures: 9, random: 0.5 }),
  ).toBe(120 * minute);
});

test('jitter is a tenth either way, and no delay is shorter than nine tenths of the interval', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1000), (random, consecutiveFailures) => {
      const delay = probeDelay({ probe, report: refused, consecutiveFailures, random });
      expect(delay).toBeGreaterThanOrEqual(0.9 * 5 * minute);
      expect(delay).toBeLessThanOrEqual(1.1 * longestBackoff);
    }),
  );
});
