// The manifests of a directory as read last. A file with an error keeps the last good version of what the error hides,
// while all else of it, and all other files, go on.
import type { FileProblem } from '../../api/manifest/manifest-file.ts';
import { readManifestText } from '../../api/manifest/read-manifests.ts';
import type { ResourceKind } from '../policy-store.ts';
import {
  type DeclarationOptions,
  type DeclarationProblem,
  type DeclaredObject,
  declaredObjects,
} from './declared-object.ts';
import { type DeclaredResource, declaredResource, resourceText } from './declared-resource.ts';
import { inBatches } from './in-batches.ts';
import { type IndexChange, type IndexedObjects, indexChanges, indexObjects, objectText } from './object-index.ts';
import { type ManifestText, readManifest } from './read-manifest.ts';
import type { FileChange } from './settling.ts';

export interface ManifestSet {
  /** Reads the changed files and says which objects are other ones now. */
  apply(changes: readonly FileChange[]): Promise<readonly IndexChange[]>;
  /** By `Secret mail/corporate-login`. */
  find(object: string): DeclaredObject | undefined;
  objects(): Iterable<DeclaredObject>;
  /** All but Secrets; of what is declared twice the first by path and line. */
  resources(kind?: ResourceKind): readonly DeclaredResource[];
  /** By file, or by object where two files declare the same. */
  problems(): ReadonlyMap<string, string>;
  /** By file. */
  warnings(): ReadonlyMap<string, string>;
  /** Whether every file could be read whole, so that what is not declared is known to be gone. */
  isComplete(): boolean;
}

export function createManifestSet(options: DeclarationOptions): ManifestSet {
  const files = new Map<string, ReadFile>();
  let index: IndexedObjects = { objects: new Map(), duplicates: new Map() };

  return {
    async apply(changes) {
      await inBatches(changes, 8, async ({ path, stamp }) => {
        const read: ManifestText =
          stamp === undefined ? { kind: 'gone' } : await (options.readText ?? readManifest)(path);
        const file = nextFile(path, { read, before: files.get(path), options });
        if (file) files.set(path, file);
        else files.delete(path);
      });
      const before = index.objects;
      index = indexObjects(new Map([...files].map(([path, { objects }]) => [path, objects])));
      return indexChanges(before, index.objects);
    },
    find: (object) => index.objects.get(object),
    objects: () => index.objects.values(),
    resources: (kind) => resourcesIn(files, kind),
    problems: () => new Map([...textsOf(files, 'problem'), ...index.duplicates]),
    warnings: () => new Map(textsOf(files, 'warning')),
    isComplete: () => [...files.values()].every(({ broken }) => !broken),
  };
}

interface ReadFile {
  readonly objects: readonly DeclaredObject[];
  readonly resources: readonly DeclaredResource[];
  readonly broken: boolean;
  readonly problem: string | undefined;
  readonly warning: string | undefined;
}

interface Reading {
  readonly read: ManifestText;
  readonly before: ReadFile | undefined;
  readonly options: DeclarationOptions;
}

function nextFile(path: string, { read, before, options }: Reading): ReadFile | undefined {
  if (read.kind === 'gone') return undefined;
  if (read.kind === 'failed') {
    const problem = `${path}: ${read.message}`;
    const { objects = [], resources = [] } = before ?? {};
    return { objects, resources, broken: true, problem, warning: undefined };
  }
  const file = readManifestText(path, read.text);
  const { objects, problems } = declaredObjects(file, options);
  const resources = file.documents.flatMap((document) => declaredResource(document, options.namespace) ?? []);
  const errors = [...file.problems.filter(({ warning }) => !warning), ...problems];
  const warnings = file.problems.filter(({ warning }) => warning);
  const broken = errors.length > 0;
  return {
    objects: broken ? withMissing(objects, before?.objects, objectText) : objects,
    resources: broken ? withMissing(resources, before?.resources, resourceText) : resources,
    broken,
    problem: problemText(path, errors),
    warning: problemText(path, warnings),
  };
}

/** These, and of those before what is not among them. */
function withMissing<Item>(
  these: readonly Item[],
  before: readonly Item[] = [],
  textOf: (item: Item) => string,
): Item[] {
  const texts = new Set(these.map(textOf));
  return [...these, ...before.filter((item) => !texts.has(textOf(item)))];
}

function resourcesIn(files: ReadonlyMap<string, ReadFile>, kind: ResourceKind | undefined): DeclaredResource[] {
  const found = new Map<string, DeclaredResource>();
  for (const path of [...files.keys()].sort()) {
    for (const resource of files.get(path)?.resources ?? []) {
      if (kind && (resource.kind !== kind.kind || resource.apiVersion !== kind.apiVersion)) continue;
      if (!found.has(resourceText(resource))) found.set(resourceText(resource), resource);
    }
  }
  return [...found.values()];
}

function textsOf(files: ReadonlyMap<string, ReadFile>, field: 'problem' | 'warning'): [string, string][] {
  return [...files].flatMap(([path, { [field]: text }]): [string, string][] =>
    text === undefined ? [] : [[path, text]],
  );
}

const mostLines = 10;

type AnyProblem = FileProblem | DeclarationProblem;

/** One line a problem, such as `relays/mail.yaml:3:5: SmtpRelay mail/corporate: spec.tls: …`, as `validate` says it. */
function problemText(path: string, problems: readonly AnyProblem[]): string | undefined {
  if (problems.length === 0) return undefined;
  const lines = problems.slice(0, mostLines).map((problem) => problemLine(path, problem));
  if (problems.length > mostLines) lines.push(`${path}: and ${problems.length - mostLines} more`);
  return lines.join('\n');
}

function problemLine(path: string, { position, object, fieldPath, message }: AnyProblem): string {
  const place = position ? `${path}:${position.line}:${position.column}` : path;
  return [place, object, fieldPath, message].filter((part) => part !== undefined && part !== '').join(': ');
}
