// apiVersion, kind and metadata: Kubernetes' own part of an object, judged in the API server's words where it has some.
import { childPath } from '../field-path.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Violation } from '../violation.ts';
import { goQuote } from './go-text.ts';
import { labelFaults, labelValueFaults, qualifiedNameFaults, subdomainFaults } from './names.ts';
import { nearestName } from './nearest-name.ts';

export interface MetadataFinding extends Violation {
  readonly blocking: boolean;
}

/** `noun` is what a message calls the object, such as `relay`. */
export function metadataFindings(metadata: unknown, noun: string): MetadataFinding[] {
  if (metadata === undefined || metadata === null) return [nameMissing()];
  if (!isObject(metadata)) return [wrongType('metadata', 'object', metadata)];
  return [
    ...unknownIn(metadata),
    ...nameFindings(metadata, noun),
    ...namespaceFindings(metadata.namespace),
    ...mapFindings(metadata.labels, 'metadata.labels', (key, value) => [
      ...qualifiedNameFaults(key).map((fault) => invalid('metadata.labels', key, fault)),
      ...labelValueFaults(value).map((fault) => invalid('metadata.labels', value, fault)),
    ]),
    ...mapFindings(metadata.annotations, 'metadata.annotations', (key) =>
      qualifiedNameFaults(key.toLowerCase()).map((fault) => invalid('metadata.annotations', key, fault)),
    ),
  ];
}

const fields = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

function unknownIn(metadata: JsonObject): MetadataFinding[] {
  const unknown = Object.keys(metadata).filter((key) => !fields.includes(key));
  return unknown.map((key) => {
    const near = nearestName(key, fields);
    const hint = near === undefined ? '' : `; did you mean "metadata.${near}"?`;
    const fieldPath = childPath('metadata', key);
    return { reason: 'SchemaInvalid', fieldPath, message: `unknown field "${fieldPath}"${hint}`, blocking: false };
  });
}

function nameFindings({ name, generateName }: JsonObject, noun: string): MetadataFinding[] {
  if (name === undefined || name === null || name === '') {
    return [generateName === undefined ? nameMissing() : generatedName(noun)];
  }
  if (typeof name !== 'string') return [wrongType('metadata.name', 'string', name)];
  return subdomainFaults(name).map((fault) => invalid('metadata.name', name, fault));
}

function nameMissing(): MetadataFinding {
  const message = 'Required value: name or generateName is required';
  return { reason: 'SchemaInvalid', fieldPath: 'metadata.name', message, blocking: true };
}

/** A file is read again and again: each reading would be another object. */
function generatedName(noun: string): MetadataFinding {
  const message = `Required value: a ${noun} in a file needs a name of its own; generateName is only for kubectl create`;
  return { reason: 'SchemaInvalid', fieldPath: 'metadata.name', message, blocking: true };
}

function namespaceFindings(namespace: unknown): MetadataFinding[] {
  if (namespace === undefined || namespace === null || namespace === '') return [];
  if (typeof namespace !== 'string') return [wrongType('metadata.namespace', 'string', namespace)];
  return labelFaults(namespace).map((fault) => invalid('metadata.namespace', namespace, fault));
}

function mapFindings(
  map: unknown,
  path: string,
  entryFindings: (key: string, value: string) => MetadataFinding[],
): MetadataFinding[] {
  if (map === undefined || map === null) return [];
  if (!isObject(map)) return [wrongType(path, 'object', map)];
  return Object.entries(map).flatMap(([key, value]) =>
    typeof value === 'string' ? entryFindings(key, value) : [wrongType(childPath(path, key), 'string', value)],
  );
}

function invalid(fieldPath: string, value: string, fault: string): MetadataFinding {
  return { reason: 'SchemaInvalid', fieldPath, message: `Invalid value: ${goQuote(value)}: ${fault}`, blocking: false };
}

/** The API server answers a wrong type here with a decoding error without a path; these are the words of its schemas. */
function wrongType(fieldPath: string, expected: string, value: unknown): MetadataFinding {
  const found = goQuote(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
  const message = `Invalid value: ${found}: ${fieldPath} in body must be of type ${expected}: ${found}`;
  return { reason: 'SchemaInvalid', fieldPath, message, blocking: true };
}
