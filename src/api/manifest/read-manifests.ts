// Reads the text of a file of manifests: YAML 1.2 (JSON is some of it), many documents, with the place of every field.
// A broken document is a problem of its own; the others of the file stay usable. Nothing throws.
import { constructFromEvents, type Event, parseEvents } from 'js-yaml';
import { isObject, type JsonObject, setOwn } from '../json.ts';
import { findField, keyName, resolved } from './find-node.ts';
import { indexLines, type LineIndex } from './line-index.ts';
import type { FileProblem, ManifestDocument, ManifestFile } from './manifest-file.ts';
import { objectName } from './object-name.ts';
import { type DocumentText, splitDocuments } from './split-documents.ts';
import { yamlFault } from './yaml-fault.ts';
import { type YamlNode, yamlTree } from './yaml-node.ts';
import { oddReadings } from './yaml-readings.ts';

/** Kubernetes itself takes no object above 1.5 MiB; a file of many gets room. */
export const mostManifestBytes = 4 * 1024 * 1024;
const mostProblems = 100;

export function readManifestText(file: string, text: string): ManifestFile {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostManifestBytes) return { documents: [], problems: [tooLarge(file, bytes)] };
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = indexLines(plain);
  const read = splitDocuments(plain).flatMap((part) => readDocument(part, { file, lines }));
  const objects = read.flatMap(({ objects }) => objects);
  return {
    documents: objects.map((object, index) => ({ ...object, index })),
    problems: bounded(read.flatMap(({ problems }) => problems)),
  };
}

interface Source {
  readonly file: string;
  readonly lines: LineIndex;
}

interface ReadDocument {
  readonly objects: readonly Omit<ManifestDocument, 'index'>[];
  readonly problems: readonly FileProblem[];
}

function readDocument(part: DocumentText, { file, lines }: Source): ReadDocument {
  const end = part.text.trimEnd().length;
  const at = (start: number) => lines(part.offset + Math.min(Math.max(start, 0), end));
  const parsed = parse(part.text);
  switch (parsed.kind) {
    case 'empty':
      return { objects: [], problems: [] };
    case 'broken': {
      const { start, message } = parsed;
      const problem = { file, position: at(start), object: undefined, fieldPath: '', message, warning: false };
      return { objects: [], problems: [problem] };
    }
    case 'parsed': {
      const items = unfold(parsed).map((item) => asDocument(item, { file, at }));
      return { objects: items.flatMap(({ objects }) => objects), problems: items.flatMap(({ problems }) => problems) };
    }
  }
}

type Parsed =
  | { readonly kind: 'parsed'; readonly root: YamlNode; readonly value: unknown }
  | { readonly kind: 'empty' }
  | { readonly kind: 'broken'; readonly start: number; readonly message: string };

function parse(text: string): Parsed {
  try {
    const events = parseEvents(text, { maxDepth: 100 });
    const tree = yamlTree(events, text);
    if (tree.kind === 'refused') return { ...tree, kind: 'broken' };
    if (tree.kind === 'empty') return tree;
    const value = plainValue(events, text);
    return value === null ? { kind: 'empty' } : { kind: 'parsed', root: tree.root, value };
  } catch (error) {
    const fault = yamlFault(error, text);
    if (fault) return { kind: 'broken', ...fault };
    throw error;
  }
}

/** As JSON: what aliases share is copied, so that nobody changes two places at once. */
function plainValue(events: Event[], source: string): unknown {
  return copy(constructFromEvents(events, { source })[0] ?? null);
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isObject(value)) return value;
  const object: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) setOwn(object, key, copy(field));
  return object;
}

interface Item {
  readonly root: YamlNode;
  readonly value: unknown;
}

/** The items of `kind: List`, as kubectl unfolds it, or the document itself. */
function unfold({ root, value }: Item): Item[] {
  const node = resolved(root);
  const items = isObject(value) && isList(value) ? value.items : undefined;
  if (!Array.isArray(items) || node.kind !== 'mapping') return [{ root, value }];
  const list = node.entries.find(({ key }) => keyName(key) === 'items');
  const nodes = list && resolved(list.value);
  if (nodes?.kind !== 'sequence') return [{ root, value }];
  return nodes.items.map((item, index) => ({ root: item, value: items[index] }));
}

function isList({ apiVersion, kind }: JsonObject): boolean {
  return apiVersion === 'v1' ? /^[A-Za-z]*List$/.test(String(kind)) : kind === 'SmtpRelayList';
}

interface Placing {
  readonly file: string;
  readonly at: (start: number) => ReturnType<LineIndex>;
}

function asDocument({ root, value }: Item, { file, at }: Placing): ReadDocument {
  const position = at(root.start);
  const problem = (message: string, object?: string): ReadDocument => ({
    objects: [],
    problems: [{ file, position, object, fieldPath: '', message, warning: false }],
  });
  if (!isObject(value)) return problem('it is no Kubernetes object: it must be a mapping with apiVersion and kind');
  const object = objectName(value);
  const missing = ['apiVersion', 'kind'].filter((field) => typeof value[field] !== 'string' || value[field] === '');
  if (missing.length > 0) {
    return problem(`it is no Kubernetes object: ${missing.join(' and ')} must be set to text`, object);
  }
  const problems = oddReadings(root, value).map(
    ({ start, ...reading }): FileProblem => ({ file, position: at(start), object, ...reading }),
  );
  // Where JSON has no such value the document cannot be what was meant.
  const unusable = problems.some(({ warning }) => !warning);
  const positionOf = (fieldPath: string) => at(findField(root, fieldPath));
  return { objects: unusable ? [] : [{ file, position, value, positionOf }], problems };
}

function bounded(problems: readonly FileProblem[]): readonly FileProblem[] {
  const [first] = problems;
  if (!first || problems.length <= mostProblems) return problems;
  const message = `${problems.length - mostProblems} more problems of this file are not shown`;
  const errorsHidden = problems.slice(mostProblems).some(({ warning }) => !warning);
  const rest = { ...first, position: undefined, object: undefined, fieldPath: '', message, warning: !errorsHidden };
  return [...problems.slice(0, mostProblems), rest];
}

function tooLarge(file: string, bytes: number): FileProblem {
  const size = (bytes / 1024 / 1024).toFixed(1);
  const message = `it is ${size} MiB; at most 4 MiB of one file are read. Split it into several files`;
  return { file, position: undefined, object: undefined, fieldPath: '', message, warning: false };
}
