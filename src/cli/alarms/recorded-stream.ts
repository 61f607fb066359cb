// A recorded stream of alarms: JSON lines with times, bodies that a webhook was sent, Events that kubectl printed.

import { readTime } from '../../alarms/intake/alarm-fields.ts';
import type { SeenEvent } from '../../alarms/intake/event-watch.ts';
import { createFaults } from '../../alarms/intake/faults.ts';
import type { IncomingAlarm } from '../../alarms/intake/incoming-alarm.ts';
import { parsePayload } from '../../alarms/intake/payload.ts';
import { isObject, type JsonObject, ownValue } from '../../api/json.ts';
import { clusterEvent } from '../../store/kubernetes/cluster-event.ts';
import { coreEvent } from '../../store/kubernetes/core-event.ts';
import { jsonValues } from './json-values.ts';

export type Recorded =
  | { readonly kind: 'alarms'; readonly at: number; readonly alarms: readonly IncomingAlarm[] }
  | { readonly kind: 'event'; readonly at: number; readonly event: SeenEvent };

export interface RecordedFault {
  /** From 1, where the value begins. */
  readonly line: number | undefined;
  /** A JSON path, and a clause that goes on from it. */
  readonly path: string;
  readonly message: string;
}

export interface RecordedStream {
  /** By time; what came at one time in the order of the file. */
  readonly records: readonly Recorded[];
  readonly faults: readonly RecordedFault[];
}

export function recordedStream(text: string): RecordedStream {
  const found = jsonValues(text);
  if (found.kind === 'invalid')
    return { records: [], faults: [{ line: undefined, path: '$', message: found.message }] };
  const records: Recorded[] = [];
  const faults: RecordedFault[] = [];
  for (const { value, line } of found.values) {
    const read = recordsOf(value, '$');
    records.push(...read.records);
    faults.push(...read.faults.map((fault) => ({ line, ...fault })));
  }
  return { records: records.toSorted((one, other) => one.at - other.at), faults };
}

interface ReadRecords {
  readonly records: readonly Recorded[];
  readonly faults: readonly Omit<RecordedFault, 'line'>[];
}

/** A list in a list of a watch is nobody's. */
const deepest = 3;

function recordsOf(value: unknown, path: string, depth = 0): ReadRecords {
  const inner = (one: unknown, place: string) => recordsOf(one, `${path}${place}`, depth + 1);
  if (depth > deepest) return fault(path, 'is nested too deep');
  if (Array.isArray(value)) return joined(value.map((one, index) => inner(one, `[${index}]`)));
  if (!isObject(value)) return fault(path, 'must be an object');
  const { kind, items, type, object } = value;
  if (typeof kind === 'string' && /^(Event)?List$/.test(kind) && Array.isArray(items)) {
    return joined(items.map((one, index) => inner(one, `.items[${index}]`)));
  }
  // `kubectl get events --output-watch-events`; what is deleted has only grown old.
  if (typeof type === 'string' && isObject(object)) return type === 'DELETED' ? nothing : inner(object, '.object');
  if (kind === 'Event') return eventRecords(value, path);
  return kind === undefined ? alarmRecords(value, path) : fault(`${path}.kind`, 'must be Event, or a list of them');
}

/** Of a series only its first and its last time are known. */
function eventRecords(object: JsonObject, path: string): ReadRecords {
  const isCore = ownValue(object, 'apiVersion') === 'v1';
  const event = clusterEvent(isCore ? coreEvent(object) : object);
  if (!event) return fault(`${path}.metadata.uid`, 'must be there, as kubectl prints it');
  if (event.lastSeen === 0) return fault(path, 'must have a time (lastTimestamp, eventTime or creationTimestamp)');
  const { count, firstSeen, lastSeen } = event;
  const first = { ...event, count: 1, lastSeen: firstSeen };
  const seen = count > 1 && firstSeen < lastSeen ? [first, event] : [event];
  return { records: seen.map((one) => ({ kind: 'event', at: one.lastSeen, event: one })), faults: [] };
}

/** `{at, alarm}`, or a body with or without `at`. */
function alarmRecords(object: JsonObject, path: string): ReadRecords {
  const { at, alarm, ...rest } = object;
  if (alarm !== undefined && Object.keys(rest).length > 0) {
    return fault(`${path}.${Object.keys(rest)[0]}`, 'must not stand beside alarm');
  }
  const faults = createFaults();
  const time = readTime({ object, path, faults }, 'at');
  const wrongTime = faults.first();
  if (wrongTime) return fault(wrongTime.path, wrongTime.message);
  const [payload, within] = alarm === undefined ? [rest, path] : [alarm, `${path}.alarm`];
  const parsed = parsePayload(Buffer.from(JSON.stringify(payload)), 'json');
  if (parsed.kind === 'refused')
    return fault(
      parsed.path.replace('$', () => within),
      parsed.message,
    );
  const arrived = time ?? toldAt(parsed.alarms);
  if (arrived === undefined) return fault(`${path}.at`, 'must say when it came (RFC 3339): it names no other time');
  return { records: [{ kind: 'alarms', at: arrived, alarms: parsed.alarms }], faults: [] };
}

/** It was told after all that it tells of; the end of one that still fires is to come. */
function toldAt(alarms: readonly IncomingAlarm[]): number | undefined {
  const times = alarms.flatMap(({ state, startsAt, endsAt }) => [startsAt, state === 'Resolved' ? endsAt : undefined]);
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? known.reduce((one, other) => Math.max(one, other)) : undefined;
}

const nothing: ReadRecords = { records: [], faults: [] };

function fault(path: string, message: string): ReadRecords {
  return { records: [], faults: [{ path, message }] };
}

function joined(all: readonly ReadRecords[]): ReadRecords {
  return { records: all.flatMap(({ records }) => records), faults: all.flatMap(({ faults }) => faults) };
}
