// What tells the entries of sources.resourceConditions apart: not their places, so that one can go and the others stay.
import { createHash } from 'node:crypto';
import { isObject } from '../../api/json.ts';
import type { ConditionSource } from './condition-alarms.ts';

const prefix = 'conditions/';

/** One a part: what it looks at; of several that look at the same the later ones are numbered. */
export function conditionSources(parts: readonly ConditionSource[]): readonly string[] {
  const seen = new Map<string, number>();
  return parts.map(({ apiVersion, kind, type, status, selector }) => {
    const looksAt = JSON.stringify([apiVersion, kind, type, status, selector ?? {}], sortedNames);
    const name = `${prefix}${createHash('sha256').update(looksAt).digest('hex').slice(0, 16)}`;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}

export function isConditionSource(source: string): boolean {
  return source.startsWith(prefix);
}

function sortedNames(_: string, value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
