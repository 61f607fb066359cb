// Segments as files of one directory, readable by their owner alone.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segments, SegmentWrite } from '../segments.ts';
import { createDurably, syncDirectory } from './durable-file.ts';
import { growFile } from './growing-file.ts';
import { ioCode, ioWords } from './io-words.ts';

/**
 * The directory is made where it is missing. It is one process's, which removes what an earlier one left half-written. Who
 * comes `beside` that process leaves it alone: it sees only what is whole, and may add to it.
 */
export function createFileSegments(
  directory: string,
  { beside }: { readonly beside: boolean } = { beside: false },
): Segments {
  let removed: Promise<void> | undefined;
  const leftoversGone = () => {
    removed ??= beside ? Promise.resolve() : removeUnfinished(directory);
    return removed;
  };

  return {
    async create(name, bytes) {
      try {
        await leftoversGone();
        return await create(directory, name, bytes);
      } catch (error) {
        return { kind: 'unavailable', message: `${join(directory, name)} cannot be written: ${ioWords(error)}` };
      }
    },
    async grow(name) {
      try {
        await leftoversGone();
        await mkdir(directory, { recursive: true, mode: 0o700 });
        return await growFile(directory, name);
      } catch (error) {
        return { kind: 'unavailable', message: `${join(directory, name)} cannot be written: ${ioWords(error)}` };
      }
    },
    async list() {
      await leftoversGone();
      return (await namesIn(directory)).filter(isFinished).sort();
    },
    read: (name) => unlessMissing(readFile(join(directory, name))),
    async remove(name) {
      await rm(join(directory, name), { force: true });
      await unlessMissing(syncDirectory(directory));
    },
  };
}

async function create(directory: string, name: string, bytes: Buffer): Promise<SegmentWrite> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const result = await createDurably(directory, name, bytes);
  return { kind: result === 'created' ? 'written' : 'exists' };
}

async function removeUnfinished(directory: string): Promise<void> {
  const unfinished = (await namesIn(directory)).filter((name) => !isFinished(name));
  for (const name of unfinished) await rm(join(directory, name), { force: true });
}

function isFinished(name: string): boolean {
  return !name.startsWith('.');
}

async function namesIn(directory: string): Promise<string[]> {
  return (await unlessMissing(readdir(directory))) ?? [];
}

async function unlessMissing<Result>(reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
