// Objects whose condition is bad for long enough, as alarms. What is bad since when is the object's own word where it has
// one (lastTransitionTime); else it is bad since it was first seen to be.
import { parseDuration } from '../../api/duration.ts';
import { isObject, type JsonObject, ownValue } from '../../api/json.ts';
import { selectorMatcher } from '../../api/label-selector.ts';
import type { AlarmRule } from '../../api/notification-policy.ts';
import { parseRfc3339 } from '../../api/rfc3339.ts';
import type { Alarm } from '../alarm.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { presentLabels } from './event-texts.ts';
import { cut, longestAnnotation, severalLines } from './safe-text.ts';

export type ConditionSource = NonNullable<AlarmRule['sources']['resourceConditions']>[number];

/** The store's `StoredResource` is one. */
export interface SeenResource {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly object: Readonly<Record<string, unknown>>;
}

export interface ConditionOptions {
  readonly part: ConditionSource;
  /** As `conditionSources` names it. */
  readonly source: string;
  /** Of the look before; empty for the first. */
  readonly memory: ConditionMemory;
  readonly now: number;
}

/** What is bad, by `<namespace>/<name>`. */
export type ConditionMemory = ReadonlyMap<string, BadSince>;

export interface BadSince {
  readonly since: number;
  /** When it was first seen to be bad, without a break since. */
  readonly seen: number;
}

export interface ConditionAlarms {
  /** All that fire now: for `AlarmBook.replaceSource`. Told again they are the same to the letter. */
  readonly alarms: readonly Alarm[];
  /** When one more will fire by time alone. */
  readonly nextAt: number | undefined;
  readonly memory: ConditionMemory;
}

export function conditionAlarms(resources: Iterable<SeenResource>, options: ConditionOptions): ConditionAlarms {
  const { part, now } = options;
  const selected = selectorMatcher(part.selector);
  const wait = parseDuration(part.for) ?? 0;
  const alarms: Alarm[] = [];
  const memory = new Map<string, BadSince>();
  let nextAt: number | undefined;
  for (const resource of resources) {
    const condition = selected(resource.labels) ? badCondition(resource, part) : undefined;
    if (!condition) continue;
    const bad = badSince(resource, condition, options);
    memory.set(`${resource.namespace}/${resource.name}`, bad);
    const due = bad.since + wait;
    if (due <= now) alarms.push(alarmOf(resource, { condition, bad, ...options }));
    else nextAt = Math.min(nextAt ?? due, due);
  }
  return { alarms, nextAt, memory };
}

function badCondition({ object }: SeenResource, { type, status, reasons }: ConditionSource): JsonObject | undefined {
  const held = ownValue(object, 'status');
  const conditions = isObject(held) ? ownValue(held, 'conditions') : undefined;
  if (!Array.isArray(conditions)) return undefined;
  const found = conditions.filter(isObject).find((condition) => ownValue(condition, 'type') === type);
  if (!found || ownValue(found, 'status') !== status) return undefined;
  return !reasons?.length || reasons.includes(textOf(found, 'reason')) ? found : undefined;
}

function badSince({ namespace, name }: SeenResource, condition: JsonObject, options: ConditionOptions): BadSince {
  const { memory, now } = options;
  const before = memory.get(`${namespace}/${name}`);
  const said = parseRfc3339(textOf(condition, 'lastTransitionTime'));
  // Whoever wrote a time to come has another clock than ours.
  const since = said !== undefined && said <= now ? said : (before?.since ?? now);
  return { since, seen: before?.since === since ? before.seen : now };
}

interface Bad extends ConditionOptions {
  readonly condition: JsonObject;
  readonly bad: BadSince;
}

function alarmOf({ namespace, name }: SeenResource, { condition, bad, part, source }: Bad): Alarm {
  const { kind, type, status, severity } = part;
  const reason = textOf(condition, 'reason');
  const identity = presentLabels({ alertname: nameOf(part), namespace, kind, name, condition: type, status, severity });
  const description = cut(severalLines(textOf(condition, 'message')), longestAnnotation);
  const because = reason === '' ? '' : ` (${reason})`;
  return {
    // Reasons come and go while a condition stays bad: it is one alarm nevertheless.
    fingerprint: fingerprintOf({ source, labels: identity, text: '' }, 'Exact'),
    source,
    state: 'Firing',
    labels: { ...identity, ...presentLabels({ reason }) },
    annotations: {
      summary: `${kind} ${name}: ${type} is ${status}${because}`,
      ...(description === '' ? {} : { description }),
    },
    startsAt: bad.since,
    endsAt: undefined,
    lastSeen: bad.seen,
    count: 1,
    url: undefined,
  };
}

/** DeploymentNotAvailable, NodeMemoryPressure, NodeReadyUnknown. */
function nameOf({ kind, type, status }: ConditionSource): string {
  if (status === 'False') return `${kind}Not${type}`;
  return status === 'True' ? `${kind}${type}` : `${kind}${type}Unknown`;
}

function textOf(object: JsonObject, name: string): string {
  const value = ownValue(object, name);
  return typeof value === 'string' ? value : '';
}
