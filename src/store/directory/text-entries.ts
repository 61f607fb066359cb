// Labels and annotations as written in a manifest.
import { isObject } from '../../api/json.ts';

/** Entries that are no text are the validation's to report. */
export function textEntries(value: unknown): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}
