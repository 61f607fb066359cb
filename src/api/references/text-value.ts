// Words of a login from a Secret: text, without the line break that `echo` and editors leave behind.
import type { ReferencedObject } from '../referenced-object.ts';
import {
  bytesUnder,
  isUnusable,
  objectText,
  type ReferencePlace,
  type ReferenceWarning,
  type Unusable,
  unusable,
} from './checked.ts';

export interface TextValue {
  readonly kind: 'text';
  readonly text: string;
  readonly warnings: readonly ReferenceWarning[];
}

/** One trailing line break is trimmed with a warning; other control characters cannot be part of a login (RFC 4616 section 2). */
export function textValue(object: ReferencedObject, key: string, place: ReferencePlace): TextValue | Unusable {
  const bytes = bytesUnder(object, key, place);
  if (isUnusable(bytes)) return bytes;
  const decoded = utf8(bytes);
  if (decoded === undefined) return unusable(place, 'SecretValueInvalid', `key "${key}" holds no UTF-8 text`);
  const text = decoded.replace(/\r?\n$/, '');
  if (text === '') return unusable(place, 'SecretKeyMissing', `has nothing but a line break under its key "${key}"`);
  const control = /\p{Cc}/u.exec(text);
  if (control) {
    const which = controlName(control[0]);
    return unusable(place, 'SecretValueInvalid', `key "${key}" has ${which} in its value; store the value without it`);
  }
  return { kind: 'text', text, warnings: text === decoded ? [] : [trimmed(place, key)] };
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Not text: said by the caller.
    return undefined;
  }
}

function controlName(character: string): string {
  if (character === '\n' || character === '\r') return 'a line break';
  if (character === '\t') return 'a tab';
  return character === '\0' ? 'a NUL character' : 'a control character';
}

function trimmed(place: ReferencePlace, key: string): ReferenceWarning {
  const message = `The line break at the end of the key "${key}" of ${objectText(place)} was left out; store the value without it (echo -n, or kubectl create secret)`;
  return { reason: 'TrailingLineBreak', message };
}
