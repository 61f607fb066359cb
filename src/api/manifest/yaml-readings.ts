// Warns where kubectl would read a document otherwise than it stands there to a YAML 1.2 reader, and where JSON has no such value.
import { childPath } from '../field-path.ts';
import { isObject, ownValue } from '../json.ts';
import { keyName } from './find-node.ts';
import { kubectlReading, type Scalar } from './scalar-readings.ts';
import type { ScalarNode, YamlNode } from './yaml-node.ts';

export interface Reading {
  readonly start: number;
  readonly fieldPath: string;
  readonly message: string;
  readonly warning: boolean;
}

/** The value is the one that js-yaml gave for the node. What stands under `data` and `stringData` may be secret and is not shown. */
export function oddReadings(node: YamlNode, value: unknown, fieldPath = ''): Reading[] {
  switch (node.kind) {
    case 'alias':
      return [];
    case 'scalar':
      return scalarReading(node, { value, fieldPath });
    case 'sequence': {
      const items = Array.isArray(value) ? value : [];
      return node.items.flatMap((item, index) => oddReadings(item, items[index], childPath(fieldPath, index)));
    }
    case 'mapping': {
      const object = isObject(value) ? value : {};
      return node.entries.flatMap(({ key, value: field }) => {
        const path = childPath(fieldPath, keyName(key));
        return [...keyReading(key, path), ...oddReadings(field, ownValue(object, keyName(key)), path)];
      });
    }
  }
}

function keyReading(key: YamlNode, fieldPath: string): Reading[] {
  if (key.kind !== 'scalar' || !key.plain) return [];
  const at = { start: key.start, fieldPath };
  if (key.text === '<<') {
    const message =
      'kubectl merges what << refers to into this mapping (YAML 1.1); here it is a key like any other. Write the fields out';
    return [{ ...at, message, warning: true }];
  }
  const reading = kubectlReading(key.text);
  if (reading === null) return [{ ...at, message: 'the key is null; a key must be text', warning: false }];
  if (String(reading) === key.text) return [];
  const message = `kubectl reads the key ${key.text} as ${reading} (YAML 1.1); put it in quotes`;
  return [{ ...at, message, warning: true }];
}

function scalarReading(node: ScalarNode, { value, fieldPath }: { value: unknown; fieldPath: string }): Reading[] {
  if (!node.plain) return [];
  const at = { start: node.start, fieldPath };
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return [{ ...at, message: 'infinity and not-a-number have no place in a Kubernetes object', warning: false }];
  }
  const reading = kubectlReading(node.text);
  if (reading !== value) return [{ ...at, message: readsOtherwise(node.text, reading, fieldPath), warning: true }];
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    const message = 'the integer is beyond 2^53 and would lose digits; put it in quotes';
    return [{ ...at, message, warning: true }];
  }
  return [];
}

function readsOtherwise(text: string, reading: Scalar, fieldPath: string): string {
  if (isSecretPlace(fieldPath)) return 'kubectl reads this value as no text (YAML 1.1); put it in quotes';
  return `kubectl reads ${text} as ${reading} (YAML 1.1); write ${reading}, or put it in quotes where text is meant`;
}

function isSecretPlace(fieldPath: string): boolean {
  return /^(stringData|data)\./.test(fieldPath);
}
