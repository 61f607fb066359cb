// Whether a request has one of a rule's tokens (RFC 6750 §2.1). Both sides are hashed first, so that the comparison takes
// the same time whatever is sent, its length included.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** An empty token lets nobody in. */
export function hasToken(authorization: string | undefined, tokens: readonly string[]): boolean {
  const sent = hashed(/^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '');
  let found = false;
  // Where there is no token the work is the same: a rule that is not there looks like one whose token is wrong.
  for (const token of tokens.length > 0 ? tokens : [nobodys]) {
    const same = timingSafeEqual(hashed(token), sent);
    found ||= same && token !== '';
  }
  return found;
}

const nobodys = randomBytes(32).toString('hex');

function hashed(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
