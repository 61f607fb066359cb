// All objects of all files by name: which one counts where two declare the same, and what differs from before.
import type { DeclaredObject, Place } from './declared-object.ts';

/** By `SmtpRelay mail/corporate`. */
export type ObjectIndex = ReadonlyMap<string, DeclaredObject>;

export interface IndexedObjects {
  readonly objects: ObjectIndex;
  /** By object, naming all places. */
  readonly duplicates: ReadonlyMap<string, string>;
}

export function objectText({ kind, namespace, name }: Pick<DeclaredObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}

/** The first by path and line counts, whatever order the files were read in. */
export function indexObjects(files: ReadonlyMap<string, readonly DeclaredObject[]>): IndexedObjects {
  const objects = new Map<string, DeclaredObject>();
  const places = new Map<string, Place[]>();
  for (const path of [...files.keys()].sort()) {
    for (const object of files.get(path) ?? []) {
      const text = objectText(object);
      const first = objects.get(text);
      if (!first) objects.set(text, object);
      else places.set(text, [...(places.get(text) ?? [first.place]), object.place]);
    }
  }
  return { objects, duplicates: new Map([...places].map(([text, all]) => [text, duplicateMessage(text, all)])) };
}

export interface IndexChange {
  readonly before: DeclaredObject | undefined;
  readonly after: DeclaredObject | undefined;
}

/** What is new, gone or has another version; a mere move to another place is none. */
export function indexChanges(before: ObjectIndex, after: ObjectIndex): IndexChange[] {
  const changes: IndexChange[] = [];
  for (const [text, object] of before) {
    if (!after.has(text)) changes.push({ before: object, after: undefined });
  }
  for (const [text, object] of after) {
    const old = before.get(text);
    if (old?.version !== object.version) changes.push({ before: old, after: object });
  }
  return changes;
}

function duplicateMessage(object: string, places: readonly Place[]): string {
  const list = places.map(({ file, line }) => `${file}:${line}`).join(', ');
  return `${object} is declared ${places.length} times: ${list}. The first counts; remove the others or rename them.`;
}
