import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zoneClock } from '../../src/api/zone-clock.ts';

const zones = ['Etc/UTC', 'Europe/Berlin', 'America/Santiago', 'Asia/Beirut', 'Australia/Lord_Howe', 'Pacific/Apia'];

describe('the clock of a zone', () => {
  test.each([
    ['an hour before the clock goes back', 'Europe/Berlin', '2026-10-25T00:59:59.999Z', 2],
    ['as the clock goes back', 'Europe/Berlin', '2026-10-25T01:00:00Z', 1],
    ['in a zone of three quarters', 'Asia/Kathmandu', '2026-01-01T00:00:00Z', 5.75],
    ['west', 'America/St_Johns', '2026-01-01T00:00:00Z', -3.5],
  ])('%s', (_, zone, instant, hours) => {
    expect(zoneClock(zone).offset(Date.parse(instant)) / 3_600_000).toBe(hours);
  });

  test.each([
    ['a plain day', 'Europe/Berlin', '2026-11-24', '2026-11-23T23:00:00.000Z'],
    ['a day whose midnight is skipped', 'Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z'],
    ['a day whose midnight comes twice', 'America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z'],
    ['the day after one that never was', 'Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z'],
  ])('%s starts when its first instant does', (_, zone, date, start) => {
    const day = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
    expect(new Date(zoneClock(zone).startOfDay(day)).toISOString()).toBe(start);
  });

  test('shows the day that Intl shows', () => {
    const instants = fc.integer({ min: Date.UTC(2009, 0, 1), max: Date.UTC(2037, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (timeZone, instant) => {
        const clock = zoneClock(timeZone);
        const shown = new Intl.DateTimeFormat('sv', { timeZone }).format(instant);
        expect(new Date(clock.day(instant) * 86_400_000).toISOString().slice(0, 10)).toBe(shown);
        expect(clock.startOfDay(clock.day(instant))).toBeLessThanOrEqual(instant);
        expect(clock.startOfDay(clock.day(instant) + 1)).toBeGreaterThan(instant);
      }),
    );
  });
});
