// Finds where a field stands in a document's tree.
import { coreReading } from './scalar-readings.ts';
import type { YamlNode } from './yaml-node.ts';

/** Offset of the field's key (of a list's item), or of the nearest ancestor that is written. */
export function findField(root: YamlNode, fieldPath: string): number {
  let node = root;
  let rest = fieldPath;
  let start = root.start;
  while (rest !== '') {
    const step = stepInto(resolved(node), rest);
    if (!step) break;
    if (step.start >= 0) start = step.start;
    node = step.node;
    rest = step.rest;
  }
  return start;
}

/** What an alias stands for; its own place counts for what is in it too. */
export function resolved(node: YamlNode): Exclude<YamlNode, { kind: 'alias' }> {
  return node.kind === 'alias' ? resolved(node.target) : node;
}

interface Step {
  readonly start: number;
  readonly node: YamlNode;
  readonly rest: string;
}

function stepInto(node: Exclude<YamlNode, { kind: 'alias' }>, path: string): Step | undefined {
  switch (node.kind) {
    case 'scalar':
      return undefined;
    case 'sequence': {
      const index = /^\[(\d+)\]/.exec(path);
      const item = index && node.items[Number(index[1])];
      return item ? { start: item.start, node: item, rest: withoutDot(path.slice(index[0].length)) } : undefined;
    }
    case 'mapping': {
      // Keys may hold dots (`data.ca.crt`): the longest one that fits is meant.
      const fitting = node.entries
        .map(({ key, value }) => ({ key, value, name: keyName(key) }))
        .filter(({ name }) => name !== '' && path.startsWith(name) && /^([.[]|$)/.test(path.slice(name.length)))
        .sort((a, b) => b.name.length - a.name.length);
      const found = fitting[0];
      if (!found) return undefined;
      return { start: found.key.start, node: found.value, rest: withoutDot(path.slice(found.name.length)) };
    }
  }
}

/** The key as the object has it: a number or the like becomes text. */
export function keyName(key: YamlNode): string {
  const node = resolved(key);
  if (node.kind !== 'scalar') return '';
  return node.plain ? String(coreReading(node.text)) : node.text;
}

function withoutDot(path: string): string {
  return path.startsWith('.') ? path.slice(1) : path;
}
