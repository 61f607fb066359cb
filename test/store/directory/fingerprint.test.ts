import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFingerprint, loadKey } from '../../../src/store/directory/fingerprint.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const fingerprint = createFingerprint(Buffer.alloc(32, 1));

describe('a fingerprint', () => {
  test('is the same for the same value in another order of keys, and another for another value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(fingerprint(reordered(one))).toBe(fingerprint(one));
        const same = JSON.stringify(reordered(one, true)) === JSON.stringify(reordered(other, true));
        expect(fingerprint(one) === fingerprint(other)).toBe(same);
      }),
    );
  });

  test('tells a large integer from its text, and stands no value at all', () => {
    expect(fingerprint({ a: 12345678901234567890n })).not.toBe(fingerprint({ a: 12345678901234567891n }));
    expect(fingerprint(undefined)).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is another with another key', () => {
    expect(createFingerprint(Buffer.alloc(32, 2))({ a: 1 })).not.toBe(fingerprint({ a: 1 }));
  });
});

describe('the key', () => {
  test('is made once', async () => {
    const path = join(temporaryDirectory(), 'key');
    expect(await loadKey(path)).toEqual(await loadKey(path));
  });

  test('is made anew where it was damaged', async () => {
    const path = join(temporaryDirectory(), 'key');
    writeFileSync(path, 'short');
    expect(await loadKey(path)).toHaveLength(32);
  });
});

/** Keys in the opposite order, or sorted. */
function reordered(value: unknown, sort = false): unknown {
  if (Array.isArray(value)) return value.map((part) => reordered(part, sort));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [key, reordered(part, sort)]);
  return Object.fromEntries(sort ? entries.sort(([one], [other]) => (one < other ? -1 : 1)) : entries.reverse());
}
