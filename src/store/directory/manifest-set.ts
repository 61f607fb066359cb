// The manifests of a directory as read last. A file with an error keeps the last good version of what the error hides,
// while all else of it, and all other files, go on.
import type { FileProblem } from '../../api/manifest/manifest-file.ts';
import { readManifestText } from '../../api/manifest/read-manifests.ts';
import {
  type DeclarationOptions,
  type DeclarationProblem,
  type DeclaredObject,
  declaredObjects,
} from './declared-object.ts';
import { inBatches } from './in-batches.ts';
import { type IndexChange, type IndexedObjects, indexChanges, indexObjects, objectText } from './object-index.ts';
import { type ManifestText, readManifest } from './read-manifest.ts';
import type { FileChange } from './settling.ts';

export interface ManifestSet {
  /** Reads the changed files and says which objects are other ones now. */
  apply(changes: readonly FileChange[]): Promise<readonly IndexChange[]>;
  /** By `Secret mail/corporate-login`. */
  find(object: string): DeclaredObject | undefined;
  /** By file, or by object where two files declare the same. */
  problems(): ReadonlyMap<string, string>;
  /** Whether every file could be read whole, so that what is not declared is known to be gone. */
  isComplete(): boolean;
}

export function createManifestSet(options: DeclarationOptions): ManifestSet {
  const files = new Map<string, ReadFile>();
  let index: IndexedObjects = { objects: new Map(), duplicates: new Map() };

  return {
    async apply(changes) {
      await inBatches(changes, 8, async ({ path, stamp }) => {
        const read: ManifestText = stamp === undefined ? { kind: 'gone' } : await readManifest(path);
        const file = nextFile(path, { read, before: files.get(path), options });
        if (file) files.set(path, file);
        else files.delete(path);
      });
      const before = index.objects;
      index = indexObjects(new Map([...files].map(([path, { objects }]) => [path, objects])));
      return indexChanges(before, index.objects);
    },
    find: (object) => index.objects.get(object),
    problems: () => new Map([...fileProblems(files), ...index.duplicates]),
    isComplete: () => [...files.values()].every(({ broken }) => !broken),
  };
}

interface ReadFile {
  readonly objects: readonly DeclaredObject[];
  readonly broken: boolean;
  readonly problem: string | undefined;
}

interface Reading {
  readonly read: ManifestText;
  readonly before: ReadFile | undefined;
  readonly options: DeclarationOptions;
}

function nextFile(path: string, { read, before, options }: Reading): ReadFile | undefined {
  if (read.kind === 'gone') return undefined;
  if (read.kind === 'failed') return { objects: before?.objects ?? [], broken: true, problem: read.message };
  const file = readManifestText(path, read.text);
  const { objects, problems } = declaredObjects(file, options);
  const broken = problems.length > 0 || file.problems.some(({ warning }) => !warning);
  return {
    objects: broken ? [...objects, ...missingFrom(objects, before?.objects ?? [])] : objects,
    broken,
    problem: problemText([...file.problems, ...problems]),
  };
}

function missingFrom(these: readonly DeclaredObject[], those: readonly DeclaredObject[]): DeclaredObject[] {
  const texts = new Set(these.map(objectText));
  return those.filter((object) => !texts.has(objectText(object)));
}

function* fileProblems(files: ReadonlyMap<string, ReadFile>): Generator<[string, string]> {
  for (const [path, { problem }] of files) {
    if (problem !== undefined) yield [path, problem];
  }
}

const mostLines = 10;

/** One line a problem, such as `line 3, column 5: SmtpRelay mail/corporate: spec.tls: …`. */
function problemText(problems: readonly (FileProblem | DeclarationProblem)[]): string | undefined {
  if (problems.length === 0) return undefined;
  const lines = problems.slice(0, mostLines).map(problemLine);
  if (problems.length > mostLines) lines.push(`and ${problems.length - mostLines} more`);
  return lines.join('\n');
}

function problemLine(problem: FileProblem | DeclarationProblem): string {
  const { position, object, fieldPath, message } = problem;
  const place = position ? `line ${position.line}, column ${position.column}` : undefined;
  const warning = 'warning' in problem && problem.warning ? 'warning' : undefined;
  return [place, warning, object, fieldPath, message].filter((part) => part !== undefined && part !== '').join(': ');
}
