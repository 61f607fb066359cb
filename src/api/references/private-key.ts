// A private key in PEM form from a key of a Secret.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { ReferencedObject } from '../referenced-object.ts';
import { bytesUnder, isUnusable, type ReferencePlace, type Unusable, unusable } from './checked.ts';
import { isPrivateKeyLabel, notPem, pemBlocks } from './pem.ts';

export interface PrivateKey {
  readonly kind: 'key';
  readonly pem: string;
  readonly key: KeyObject;
}

export function privateKeyIn(object: ReferencedObject, key: string, place: ReferencePlace): PrivateKey | Unusable {
  const bytes = bytesUnder(object, key, place);
  if (isUnusable(bytes)) return bytes;
  const refuse = (message: string) => unusable(place, 'PrivateKeyUnparsable', `key "${key}" ${message}`);
  const text = bytes.toString('latin1');
  if (text.trimStart().startsWith('{')) return refuse('holds JSON; store only the text of its private_key field');
  if (text.includes('\\n')) return refuse('holds \\n as two characters; store the key with real line breaks');
  const block = pemBlocks(text).find(({ label }) => isPrivateKeyLabel(label));
  if (!block) return refuse(notPem(bytes, 'a private key'));
  if (block.label.startsWith('ENCRYPTED') || block.text.includes('Proc-Type: 4,ENCRYPTED')) {
    return refuse('holds an encrypted private key; store it without a passphrase (openssl pkey)');
  }
  const parsed = parsePrivateKey(block.text);
  return parsed
    ? { kind: 'key', pem: `${block.text}\n`, key: parsed }
    : refuse('holds a private key that cannot be parsed');
}

function parsePrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    // OpenSSL's words tell the user nothing; the caller says which key it was.
    return undefined;
  }
}
