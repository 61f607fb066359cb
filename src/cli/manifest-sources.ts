// Finds and reads what the paths of a command name: files, directories and standard input.
import type { ManifestFile } from '../api/manifest/manifest-file.ts';
import { readManifestText } from '../api/manifest/read-manifests.ts';
import { inBatches } from '../store/directory/in-batches.ts';
import { listTree, lookAt } from '../store/directory/list-tree.ts';
import { isManifestName } from '../store/directory/manifest-name.ts';
import { readManifest } from '../store/directory/read-manifest.ts';
import { UnusableArgument } from './io.ts';
import { readStdin, stdinName } from './stdin-manifest.ts';

export interface ManifestSource {
  /** As the user would name it. */
  readonly name: string;
  readonly read:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'failed'; readonly message: string };
}

/** Each file once, in the order of the paths. Throws UnusableArgument for a path that there is nothing at. */
export async function manifestSources(
  paths: readonly string[],
  stdin: AsyncIterable<Buffer | string>,
): Promise<ManifestSource[]> {
  const sources = new Map<string, ManifestSource>();
  for (const path of paths) {
    const found = path === '-' ? [await fromStdin(stdin)] : await fromPath(path);
    for (const source of found) if (!sources.has(source.name)) sources.set(source.name, source);
  }
  return [...sources.values()];
}

/** Its documents, or why they cannot be read. */
export function manifestFile({ name, read }: ManifestSource): ManifestFile {
  if (read.kind === 'text') return readManifestText(name, read.text);
  const problem = {
    file: name,
    position: undefined,
    object: undefined,
    fieldPath: '',
    message: read.message,
    warning: false,
  };
  return { documents: [], problems: [problem] };
}

async function fromPath(path: string): Promise<ManifestSource[]> {
  const look = await lookAt(path);
  switch (look.kind) {
    case 'file':
      return [await fromFile(path)];
    case 'directory':
      return fromDirectory(path);
    case 'absent':
      throw new UnusableArgument(`there is nothing at ${path}`);
    case 'unusable':
      throw new UnusableArgument(`${path}: ${look.message}`);
  }
}

async function fromDirectory(path: string): Promise<ManifestSource[]> {
  const { files, problems } = await listTree(path, { isFile: isManifestName });
  if (files.size === 0 && problems.size === 0) {
    throw new UnusableArgument(`there is no .yaml, .yml or .json file in ${path}`);
  }
  const unreadable = [...problems].map(
    ([name, message]): ManifestSource => ({ name, read: { kind: 'failed', message } }),
  );
  return [...(await inBatches([...files.keys()], 8, fromFile)), ...unreadable];
}

async function fromFile(name: string): Promise<ManifestSource> {
  const read = await readManifest(name);
  return { name, read: read.kind === 'gone' ? { kind: 'failed', message: 'It is gone.' } : read };
}

async function fromStdin(stdin: AsyncIterable<Buffer | string>): Promise<ManifestSource> {
  return { name: stdinName, read: await readStdin(stdin) };
}
