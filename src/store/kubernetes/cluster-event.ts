// An Event as alarms look at it. One that was made through the core API, as kubelet's are, has its count and times in the
// fields that events.k8s.io calls deprecated.
import type { ClusterEvent } from '../alarm-store.ts';
import { isObject, type JsonObject, metadataOf, textOf } from './json.ts';

/** Undefined for what is no Event. */
export function clusterEvent(object: unknown): ClusterEvent | undefined {
  const { uid, namespace, name, creationTimestamp } = metadataOf(object);
  if (!isObject(object) || textOf(uid) === '') return undefined;
  const { series, eventTime, deprecatedFirstTimestamp, deprecatedLastTimestamp } = object;
  const { lastObservedTime } = objectOf(series);
  return {
    uid: textOf(uid),
    namespace: textOf(namespace),
    name: textOf(name),
    type: textOf(object.type),
    reason: textOf(object.reason),
    action: textOf(object.action),
    note: textOf(object.note),
    regarding: regardingOf(object),
    reportingController: textOf(object.reportingController) || textOf(objectOf(object.deprecatedSource).component),
    count: countOf(object),
    firstSeen: firstTime(deprecatedFirstTimestamp, eventTime, creationTimestamp),
    lastSeen: firstTime(lastObservedTime, deprecatedLastTimestamp, eventTime, creationTimestamp),
  };
}

function regardingOf(object: JsonObject): ClusterEvent['regarding'] {
  const { apiVersion, kind, namespace, name } = objectOf(object.regarding);
  return { apiVersion: textOf(apiVersion), kind: textOf(kind), namespace: textOf(namespace), name: textOf(name) };
}

/** Of a series that has not begun, and of an Event made through events.k8s.io, the count is 0 or absent. */
function countOf({ series, deprecatedCount }: JsonObject): number {
  const counts = [objectOf(series).count, deprecatedCount];
  return counts.find((count): count is number => typeof count === 'number' && count >= 1) ?? 1;
}

/** Of texts in RFC 3339 the first that is one. */
function firstTime(...texts: readonly unknown[]): number {
  return texts.map((text) => Date.parse(textOf(text))).find((time) => !Number.isNaN(time)) ?? 0;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
