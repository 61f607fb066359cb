// What a manifest calls itself, for messages.
import { isObject, type JsonObject } from '../json.ts';

/** `SmtpRelay mail/corporate`, or as much of it as is written; undefined without a kind. */
export function objectName(manifest: JsonObject): string | undefined {
  const { kind, metadata } = manifest;
  if (typeof kind !== 'string' || kind === '') return undefined;
  const { name, namespace } = isObject(metadata) ? metadata : {};
  const scope = typeof namespace === 'string' && namespace !== '' ? `${namespace}/` : '';
  return typeof name === 'string' && name !== '' ? `${kind} ${scope}${name}` : kind;
}
