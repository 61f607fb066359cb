// Where two schemas differ, as a person would look for it: the paths of fields, the shallowest first.
import { isObject } from '../../api/json.ts';

export interface SchemaDifference {
  /** `spec.probe.depth`, or with what differs of it: `spec.probe.depth (enum)`. */
  readonly path: string;
  readonly kind: 'missing' | 'unknown' | 'changed';
}

/** `missing`: only in the wanted one; `unknown`: only in the other. */
export function schemaDifferences(wanted: unknown, installed: unknown, path = ''): readonly SchemaDifference[] {
  if (!isObject(wanted) || !isObject(installed)) return same(wanted, installed) ? [] : [{ path, kind: 'changed' }];
  return keysOf(wanted, installed).flatMap((key): readonly SchemaDifference[] => {
    const [ours, theirs] = [wanted[key], installed[key]];
    if (key === 'properties') return fieldDifferences(ours, theirs, path);
    if (key === 'items') return schemaDifferences(ours, theirs, `${path}[]`);
    // How a field is explained changes nothing.
    if (key === 'description' || same(ours, theirs)) return [];
    return [{ path: `${path} (${key})`, kind: 'changed' }];
  });
}

function fieldDifferences(wanted: unknown, installed: unknown, path: string): readonly SchemaDifference[] {
  const [ours, theirs] = [isObject(wanted) ? wanted : {}, isObject(installed) ? installed : {}];
  return keysOf(ours, theirs).flatMap((field): readonly SchemaDifference[] => {
    const place = path === '' ? field : `${path}.${field}`;
    if (!(field in theirs)) return [{ path: place, kind: 'missing' }];
    if (!(field in ours)) return [{ path: place, kind: 'unknown' }];
    return schemaDifferences(ours[field], theirs[field], place);
  });
}

function keysOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

/** The order of a map's keys says nothing. */
function same(one: unknown, other: unknown): boolean {
  if (isObject(one) && isObject(other)) return keysOf(one, other).every((key) => same(one[key], other[key]));
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, index) => same(each, other[index]));
  }
  return one === other;
}
