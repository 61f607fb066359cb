import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPasswordMark } from '../../src/store/password-mark.ts';

const mark = createPasswordMark(Buffer.alloc(32, 'k'));

test('is the HMAC-SHA-256 of RFC 4231, test case 2', () => {
  const known = createPasswordMark(Buffer.from('Jefe'))(Buffer.from('what do ya want for nothing?'));
  expect(Buffer.from(known, 'base64').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('differs for different passwords and keys, and shows nothing of them', () => {
  const password = fc.uint8Array({ minLength: 8, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(password, password, (one, other) => {
      expect(mark(one) === mark(other)).toBe(one.equals(other));
      expect(createPasswordMark(Buffer.alloc(32, 'x'))(one)).not.toBe(mark(one));
      expect(mark(one)).not.toContain(one.toString('base64'));
    }),
  );
});
