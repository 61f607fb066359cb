// The private key that signs mail (RFC 6376), from a key of a Secret.
import type { ReferencedObject } from '../referenced-object.ts';
import { type Checked, isUnusable, type ReferencePlace, unusable, usable, wrongType } from './checked.ts';
import { privateKeyIn } from './private-key.ts';

/** PEM: RSA of 1024 bits or more (RFC 8301 section 3.2), or Ed25519 (RFC 8463). */
export function dkimKeyOf(object: ReferencedObject, key: string, place: ReferencePlace): Checked<string> {
  const badType = wrongType(object, place, ['Opaque']);
  if (badType) return badType;
  const found = privateKeyIn(object, key, place);
  if (isUnusable(found)) return found;
  const type = found.key.asymmetricKeyType;
  const bits = found.key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (type === 'ed25519' || (type === 'rsa' && bits >= 1024)) return usable(found.pem);
  const is = type === 'rsa' ? `an RSA key of ${bits} bits` : `a key of type ${type}`;
  const message = `key "${key}" holds ${is}; DKIM takes RSA of 2048 bits, or Ed25519`;
  return unusable(place, 'PrivateKeyUnparsable', message);
}
