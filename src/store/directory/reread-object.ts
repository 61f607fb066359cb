// Finds one declared object in its file again, to get at the values that the store does not keep.
// Only the document's own lines are parsed where that suffices: one file may hold thousands of Secrets.
import type { JsonObject } from '../../api/json.ts';
import { readManifestText } from '../../api/manifest/read-manifests.ts';
import { type DeclarationOptions, type DeclaredObject, declaredObjects } from './declared-object.ts';
import { objectText } from './object-index.ts';
import { readManifest } from './read-manifest.ts';

export type RereadObject =
  | { readonly kind: 'found'; readonly manifest: JsonObject; readonly version: string }
  /** The file cannot be read, or has an error just there. */
  | { readonly kind: 'unreadable'; readonly message: string };

export async function rereadObject(object: DeclaredObject, options: DeclarationOptions): Promise<RereadObject> {
  const { file } = object.place;
  const read = await (options.readText ?? readManifest)(file);
  if (read.kind === 'gone') return { kind: 'unreadable', message: `${file} does not exist any more.` };
  if (read.kind === 'failed') return { kind: 'unreadable', message: `${file}: ${read.message}` };
  const alone = findIn(ownLines(read.text, object), object, options);
  if (alone?.version === object.version) return alone;
  return findIn(read.text, object, options) ?? { kind: 'unreadable', message: hidden(object) };
}

function findIn(
  text: string,
  wanted: DeclaredObject,
  options: DeclarationOptions,
): Extract<RereadObject, { kind: 'found' }> | undefined {
  for (const document of readManifestText(wanted.place.file, text).documents) {
    const [found] = declaredObjects({ documents: [document], problems: [] }, options).objects;
    if (found && objectText(found) === objectText(wanted)) {
      return { kind: 'found', manifest: document.value, version: found.version };
    }
  }
  return undefined;
}

function ownLines(text: string, { place }: DeclaredObject): string {
  const end = place.nextLine === undefined ? undefined : place.nextLine - 1;
  return text
    .split('\n')
    .slice(place.line - 1, end)
    .join('\n');
}

function hidden(object: DeclaredObject): string {
  return `${objectText(object)} is not in ${object.place.file} at present, or hidden by an error there.`;
}
