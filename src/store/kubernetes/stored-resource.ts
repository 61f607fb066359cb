// An object of any kind as policies and alarms look at it: whole, but for what says who set which field.
import type { ResourceKind, StoredResource } from '../policy-store.ts';
import { isObject, metadataOf, textOf } from './json.ts';
import { annotationsOf, labelsOf } from './stored-object.ts';

export function storedResource(object: unknown, { apiVersion, kind }: ResourceKind): StoredResource | undefined {
  if (!isObject(object)) return undefined;
  const { managedFields, annotations, ...metadata } = metadataOf(object);
  const kept = { ...metadata, ...(isObject(annotations) ? { annotations: annotationsOf({ annotations }) } : {}) };
  return {
    namespace: textOf(metadata.namespace),
    name: textOf(metadata.name),
    labels: labelsOf(metadata),
    // Items of a list do not say what they are.
    object: { ...object, apiVersion, kind, metadata: kept },
  };
}
