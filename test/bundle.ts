// The program as it is released: bundled, with its start scripts, in a directory of its own. The bundle in dist/ is
// left alone: it may be older than the sources, and others may run it.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../scripts/bundle.ts';

export interface Bundle {
  /** `node PROGRAM …` is `relaykeeper …`. */
  readonly program: string;
  readonly directory: string;
  readonly remove: () => Promise<void>;
}

export async function bundleProgram(): Promise<Bundle> {
  const directory = await mkdtemp(join(tmpdir(), 'relaykeeper-bundle-'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}\n');
  await cp(join(import.meta.dirname, '..', 'bin'), join(directory, 'bin'), { recursive: true });
  await bundle(join(directory, 'dist'));
  return {
    directory,
    program: join(directory, 'bin', 'relaykeeper.js'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
