// An Event of the core API (`kubectl get events -o json`) in the words of events.k8s.io/v1, as the API server converts it.
import type { JsonObject } from './json.ts';

export function coreEvent(event: JsonObject): JsonObject {
  const { involvedObject, message, count, firstTimestamp, lastTimestamp, source, reportingComponent, ...same } = event;
  return {
    ...same,
    regarding: involvedObject,
    note: message,
    deprecatedCount: count,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedSource: source,
    reportingController: reportingComponent,
  };
}
