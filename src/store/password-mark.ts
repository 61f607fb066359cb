// Tells one password from another without showing it: an HMAC, so that short ones cannot be found by trying either.
import { createHmac, createSecretKey } from 'node:crypto';

export type PasswordMark = (password: Buffer) => string;

/** `key` is the operator's: with another one every password counts as changed. */
export function createPasswordMark(key: Buffer): PasswordMark {
  // Made once: from bytes every HMAC would make one of its own, seven times the work.
  const secret = createSecretKey(key);
  return (password) => createHmac('sha256', secret).update(password).digest('base64');
}
