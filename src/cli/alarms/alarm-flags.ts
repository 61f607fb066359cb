// The texts of flags about alarms as their values.
import { InvalidArgumentError } from 'commander';
import { parseRfc3339 } from '../../api/rfc3339.ts';
import { wholeNumber } from '../parse-flag.ts';

export type WrittenText = readonly [name: string, value: string];

/** `name=value`, gathered; the value may hold further equals signs. */
export function gatherTexts(text: string, before: readonly WrittenText[] | undefined): readonly WrittenText[] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('It must be a name and a value, such as severity=critical.');
  return [...(before ?? []), [text.slice(0, equals), text.slice(equals + 1)]];
}

export function time(text: string): number {
  const parsed = parseRfc3339(text);
  if (parsed === undefined) throw new InvalidArgumentError('It must be a time such as 2026-11-24T10:00:00Z.');
  return parsed;
}

export const wholeCount = wholeNumber(1, 1_000_000_000);
