// One YAML document as a tree that knows where each part stands, made from js-yaml's events.
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

interface Placed {
  /** Offset in the document's text. */
  readonly start: number;
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly text: string;
  /** Unquoted and without a tag: its type is guessed from its text. */
  readonly plain: boolean;
}

export interface MappingNode extends Placed {
  readonly kind: 'mapping';
  readonly entries: { readonly key: YamlNode; readonly value: YamlNode }[];
}

export interface SequenceNode extends Placed {
  readonly kind: 'sequence';
  readonly items: YamlNode[];
}

export interface AliasNode extends Placed {
  readonly kind: 'alias';
  readonly target: YamlNode;
}

export type YamlNode = ScalarNode | MappingNode | SequenceNode | AliasNode;

export type YamlTree =
  | { readonly kind: 'tree'; readonly root: YamlNode }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly start: number; readonly message: string };

/** What aliases may add to a document: values in all, and levels. More is an attack ("billion laughs") or a mistake. */
const mostExpandedNodes = 100_000;
const mostLevels = 100;

export function yamlTree(events: readonly Event[], source: string): YamlTree {
  const anchors = new Map<string, Measured | 'open'>();
  const open: Open[] = [];
  let root: YamlNode | undefined;
  let expanded = 0;

  const place = ({ node, size, depth }: Measured): void => {
    const parent = open.at(-1);
    if (!parent) {
      root = node;
      return;
    }
    parent.size += size;
    parent.depth = Math.max(parent.depth, depth + 1);
    if (parent.node.kind === 'sequence') parent.node.items.push(node);
    else if (parent.key) {
      parent.node.entries.push({ key: parent.key, value: node });
      parent.key = undefined;
    } else parent.key = node;
  };
  const close = (measured: Measured, anchor: string | undefined): void => {
    if (anchor !== undefined) anchors.set(anchor, measured);
    place(measured);
  };

  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE: {
        const anchor = anchorOf(event, source);
        if (anchor !== undefined) anchors.set(anchor, 'open');
        open.push({ node: collection(event.type, event.start), anchor, key: undefined, size: 1, depth: 1 });
        break;
      }
      case EVENT_ID.SCALAR:
        close({ node: scalar(event, source), size: 1, depth: 1 }, anchorOf(event, source));
        break;
      case EVENT_ID.ALIAS: {
        const start = event.anchorStart - 1;
        const target = anchors.get(source.slice(event.anchorStart, event.anchorEnd));
        if (target === undefined)
          return refused(start, 'it refers to no anchor; text that starts with * must be in quotes');
        if (target === 'open') return refused(start, 'an anchor contains itself');
        expanded += target.size;
        if (expanded > mostExpandedNodes) {
          return refused(start, `aliases expand to more than ${mostExpandedNodes} values; write out what is meant`);
        }
        if (open.length + target.depth > mostLevels) {
          return refused(start, `aliases nest more than ${mostLevels} levels deep; write out what is meant`);
        }
        place({ node: { kind: 'alias', start, target: target.node }, size: target.size, depth: target.depth });
        break;
      }
      case EVENT_ID.POP: {
        const closed = open.pop();
        if (closed) close(closed, closed.anchor);
        break;
      }
    }
  }
  return root ? { kind: 'tree', root } : { kind: 'empty' };
}

interface Measured {
  readonly node: YamlNode;
  /** Values in it and levels of it, aliases expanded. */
  readonly size: number;
  readonly depth: number;
}

interface Open {
  readonly node: MappingNode | SequenceNode;
  readonly anchor: string | undefined;
  key: YamlNode | undefined;
  size: number;
  depth: number;
}

function refused(start: number, message: string): YamlTree {
  return { kind: 'refused', start, message };
}

function collection(type: number, start: number): MappingNode | SequenceNode {
  return type === EVENT_ID.MAPPING ? { kind: 'mapping', start, entries: [] } : { kind: 'sequence', start, items: [] };
}

function scalar(event: ScalarEvent, source: string): ScalarNode {
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  const plain = event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
  return { kind: 'scalar', start: event.valueStart - (quoted ? 1 : 0), text: getScalarValue(source, event), plain };
}

function anchorOf(
  { anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number },
  source: string,
): string | undefined {
  return anchorStart < 0 ? undefined : source.slice(anchorStart, anchorEnd);
}
