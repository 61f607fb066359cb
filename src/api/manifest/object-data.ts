// The values of a Secret or ConfigMap as written in a manifest, decoded as the API server would.

import { childPath } from '../field-path.ts';
import { isObject, type JsonObject } from '../json.ts';

export type ObjectData =
  | { readonly kind: 'decoded'; readonly data: ReadonlyMap<string, Buffer> }
  /** The field that is wrong, such as `data.password`, and why; never its value. */
  | { readonly kind: 'invalid'; readonly fieldPath: string; readonly message: string };

/** `stringData` wins over `data`, `data` over a ConfigMap's `binaryData`. */
export function objectData(manifest: JsonObject): ObjectData {
  const encoded = manifest.kind === 'Secret';
  const layers = encoded
    ? [decodedField(manifest, 'data', base64), decodedField(manifest, 'stringData', plain)]
    : [decodedField(manifest, 'binaryData', base64), decodedField(manifest, 'data', plain)];
  const data = new Map<string, Buffer>();
  for (const layer of layers) {
    if (layer.kind === 'invalid') return layer;
    for (const [key, value] of layer.data) data.set(key, value);
  }
  return { kind: 'decoded', data };
}

type Decoder = (text: string) => Buffer | undefined;

function decodedField(manifest: JsonObject, field: string, decode: Decoder): ObjectData {
  const data = new Map<string, Buffer>();
  const entries = manifest[field] ?? {};
  if (!isObject(entries)) {
    return { kind: 'invalid', fieldPath: field, message: 'It must be a mapping of keys to text.' };
  }
  for (const [key, value] of Object.entries(entries)) {
    const fieldPath = childPath(field, key);
    if (typeof value !== 'string') {
      return { kind: 'invalid', fieldPath, message: 'The value must be text; put it in quotes.' };
    }
    const decoded = decode(value);
    if (!decoded) return { kind: 'invalid', fieldPath, message: notBase64(manifest.kind) };
    data.set(key, decoded);
  }
  return { kind: 'decoded', data };
}

function notBase64(kind: unknown): string {
  const elsewhere = kind === 'Secret' ? 'stringData' : 'data';
  return `The value is no base64 (RFC 4648 section 4); plain text belongs under ${elsewhere}.`;
}

function plain(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

/** Strict but for line breaks, as Go's encoding/base64, which the API server uses. */
function base64(text: string): Buffer | undefined {
  const joined = text.replaceAll(/[\r\n]/g, '');
  const wellFormed = joined.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(joined);
  return wellFormed ? Buffer.from(joined, 'base64') : undefined;
}
