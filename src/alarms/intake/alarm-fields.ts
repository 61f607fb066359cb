// The fields that alarms of every form have: read, judged and made fit. What is wrong in kind is refused; what is merely
// too long or too much is cut, since a sender that gets a 400 does not send its alarm again.
import { createHash } from 'node:crypto';
import { isObject, type JsonObject, ownValue } from '../../api/json.ts';
import type { Labels } from '../../api/label-matcher.ts';
import { parseRfc3339 } from '../../api/rfc3339.ts';
import { type Faults, memberPath } from './faults.ts';
import { cut, longestAnnotation, longestLabel, longestName, oneLine, severalLines } from './safe-text.ts';

const mostLabels = 64;
/** No alarm has so many: past it they are not even looked at. */
const mostNames = 1_000;

/** An object that is being read, and where it is. */
export interface Place {
  readonly object: JsonObject;
  readonly path: string;
  readonly faults: Faults;
}

export interface ReadLabels {
  readonly labels: Labels;
  /** Tells labels apart that were cut to the same; empty where nothing was. */
  readonly rest: string;
}

/** An empty label is no label, as in Alertmanager. */
export function readLabels(place: Place): ReadLabels {
  const written = textsOf(place, 'labels').filter(([, value]) => value !== '');
  // What rules ask for most must not fall to the limit.
  const ordered = written.length > mostLabels ? [...written].sort(byWeight) : written;
  const kept = ordered
    .slice(0, mostLabels)
    .map(([name, value]) => [cut(oneLine(name), longestName), cut(oneLine(value), longestLabel)] as const);
  const lost = written.length > mostLabels || written.some(isTooLong);
  return { labels: Object.fromEntries(kept.filter(([, value]) => value !== '')), rest: lost ? digest(written) : '' };
}

export function readAnnotations(place: Place): Labels {
  const written = textsOf(place, 'annotations').filter(([, value]) => value !== '');
  return Object.fromEntries(
    written
      .slice(0, mostLabels)
      .map(([name, value]) => [cut(oneLine(name), longestName), cut(severalLines(value), longestAnnotation)]),
  );
}

/** Undefined where it is absent, null or empty. */
export function readText({ object, path, faults }: Place, name: string): string | undefined {
  const value = ownValue(object, name) ?? undefined;
  if (value !== undefined && typeof value !== 'string') faults.add(memberPath(path, name), 'must be a string');
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Go's zero time stands for none. */
export function readTime(place: Place, name: string): number | undefined {
  const text = readText(place, name);
  if (text === undefined || text.startsWith('0001-01-01T00:00:00')) return undefined;
  const time = parseRfc3339(text);
  if (time === undefined) {
    place.faults.add(memberPath(place.path, name), 'must be a time of RFC 3339, such as 2026-11-24T10:00:00Z');
  }
  return time;
}

function textsOf({ object, path, faults }: Place, name: string): (readonly [string, string])[] {
  const value = ownValue(object, name) ?? {};
  const here = memberPath(path, name);
  if (!isObject(value)) {
    faults.add(here, 'must be an object of strings');
    return [];
  }
  const entries = Object.entries(value);
  if (entries.length > mostNames) {
    faults.add(here, `must have at most ${mostNames} names, not ${entries.length}`);
    return [];
  }
  return entries.flatMap(([key, text]) => {
    if (typeof text !== 'string') faults.add(memberPath(here, key), 'must be a string');
    else if (oneLine(key) === '') faults.add(memberPath(here, key), 'must have a name that can be read');
    else return [[key, text] as const];
    return [];
  });
}

const weighty = ['alertname', 'severity', 'namespace', 'job', 'instance', 'cluster'];

function byWeight([one]: readonly [string, string], [other]: readonly [string, string]): number {
  const [first, second] = [one, other].map((name) => (weighty.indexOf(name) + 1 || weighty.length + 1) - 1);
  return (first ?? 0) - (second ?? 0);
}

function isTooLong([name, value]: readonly [string, string]): boolean {
  return name.length > longestName || value.length > longestLabel;
}

/** Letters only: a number in it would be taken for what differs between two tellings. */
function digest(written: readonly (readonly [string, string])[]): string {
  const sorted = [...written].sort(([one], [other]) => (one < other ? -1 : 1));
  const hex = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  return hex.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '');
}
