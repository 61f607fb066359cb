// Tells one password from another without showing it: an HMAC, so that short ones cannot be found by trying either.
import { createHmac } from 'node:crypto';

export type PasswordMark = (password: Buffer) => string;

/** `key` is the operator's: with another one every password counts as changed. */
export function createPasswordMark(key: Buffer): PasswordMark {
  return (password) => createHmac('sha256', key).update(password).digest('base64');
}
