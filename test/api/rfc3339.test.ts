import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRfc3339 } from '../../src/api/rfc3339.ts';

test.each([
  ['an offset of zero', '2026-11-24T10:00:00Z', Date.UTC(2026, 10, 24, 10)],
  ['an offset to the east', '2026-11-24T10:00:00+05:30', Date.UTC(2026, 10, 24, 4, 30)],
  ['an offset to the west', '2026-11-24T10:00:00-08:00', Date.UTC(2026, 10, 24, 18)],
  ['a fraction beyond milliseconds', '2026-11-24T10:00:00.123456789Z', Date.UTC(2026, 10, 24, 10, 0, 0, 123)],
  ['small letters', '2026-11-24t10:00:00z', Date.UTC(2026, 10, 24, 10)],
  ['a leap second is the last second before it', '2016-12-31T23:59:60Z', Date.UTC(2016, 11, 31, 23, 59, 59)],
  ['a leap day', '2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
  ['the end of certificates without one', '9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
  ['no leap day', '2026-02-29T00:00:00Z', undefined],
  ['hour 24', '2026-11-24T24:00:00Z', undefined],
  ['no seconds', '2026-11-24T10:00Z', undefined],
  ['a space', '2026-11-24 10:00:00Z', undefined],
  ['no offset', '2026-11-24T10:00:00', undefined],
  ['something after it', '2026-11-24T10:00:00Z\n', undefined],
])('%s', (_, text, milliseconds) => {
  expect(parseRfc3339(text)).toBe(milliseconds);
});

test('reads what Date writes', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31'), noInvalidDate: true }),
      (date) => {
        expect(parseRfc3339(date.toISOString())).toBe(date.getTime());
      },
    ),
  );
});
