// Files of a spool in one directory, as a maildir does it: `tmp/` for what is being written, a folder a box for what is
// whole. What is written or removed together shares one round to the disk (commit-rounds.ts).
import { readFile, unlink } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FileRead, type FileWrite, type ScannedFile, type SpoolFiles, startBytes } from '../spool-files.ts';
import type { StoreProblem } from '../store.ts';
import { createCommitRounds } from './commit-rounds.ts';
import { inBatches } from './in-batches.ts';
import { ioCode, ioWords } from './io-words.ts';
import { lockState, type StateLock } from './state-lock.ts';

export interface SpoolFilesOptions {
  /** Made where it is missing, for its owner alone. */
  readonly directory: string;
  readonly boxes: readonly string[];
  readonly now: () => number;
  readonly problem: (problem: StoreProblem) => void;
}

export type SpoolFilesResult =
  | { readonly kind: 'opened'; readonly files: SpoolFiles }
  /** A sentence that says who holds it, or why it cannot be used. */
  | { readonly kind: 'failed'; readonly message: string };

export async function openSpoolFiles(options: SpoolFilesOptions): Promise<SpoolFilesResult> {
  const { directory, boxes, now } = options;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const locked = await lockState(directory, now);
    if (locked.kind === 'failed') return locked;
    await emptyFolder(join(directory, 'tmp'));
    for (const box of boxes) await ownFolder(join(directory, box));
    return { kind: 'opened', files: spoolFiles(options, locked.lock) };
  } catch (error) {
    return { kind: 'failed', message: `The spool ${directory} cannot be used: ${ioWords(error)}.` };
  }
}

export interface VisitedSpoolFiles extends Pick<SpoolFiles, 'scan' | 'read'> {
  /** A file for who holds the spool, whole as soon as it is there. */
  leave(box: string, name: string, text?: string): Promise<FileWrite>;
  remove(box: string, name: string): Promise<FileWrite>;
}

/** Beside a process that holds the spool: takes no lock. A box that is not there is empty. */
export function visitSpoolFiles(directory: string): VisitedSpoolFiles {
  const pathOf = (box: string, name: string) => join(directory, box, name);
  return {
    async scan(box, see) {
      const folder = join(directory, box);
      if (await stat(folder).catch(ignoreMissing)) await scan(folder, see);
    },
    read: (box, name) => read(pathOf(box, name)),
    remove: (box, name) => remove(pathOf(box, name)),
    async leave(box, name, text = '') {
      const temporary = pathOf('tmp', `${box}-${name}`);
      try {
        await writeFile(temporary, text, { mode: 0o600 });
        await rename(temporary, pathOf(box, name));
        return { kind: 'done' };
      } catch (error) {
        return { kind: 'unavailable', message: `${pathOf(box, name)} cannot be written: ${ioWords(error)}` };
      }
    },
  };
}

/** A lock counts as left behind after a minute (state-lock.ts). */
const touchMs = 15_000;
const readAtOnce = 32;

function spoolFiles({ directory, problem }: SpoolFilesOptions, lock: StateLock): SpoolFiles {
  const rounds = createCommitRounds(directory);
  const touching = setInterval(() => void touch(lock, { directory, problem }), touchMs);
  const pathOf = (box: string, name: string) => join(directory, box, name);

  return {
    write: (box, name, content) => rounds.write({ box, name, content }),
    read: (box, name) => read(pathOf(box, name)),
    remove: (box, name, { durable }) => (durable ? rounds.remove({ box, name }) : remove(pathOf(box, name))),
    scan: (box, see) => scan(join(directory, box), see),
    async close() {
      await rounds.idle();
      clearInterval(touching);
      lock.release();
    },
  };
}

/** Of node:fs: those of node:fs/promises take twice as long, and each message needs one of each. */
const bare = { readFile: promisify(readFile), unlink: promisify(unlink) };

async function scan(folder: string, see: (file: ScannedFile) => void): Promise<void> {
  const names = await readdir(folder);
  const buffers = Array.from({ length: Math.min(readAtOnce, names.length) }, () => Buffer.allocUnsafe(startBytes));
  for (let start = 0; start < names.length; start += readAtOnce) {
    const some = names.slice(start, start + readAtOnce);
    const files = await Promise.all(some.map((name, index) => readStart(join(folder, name), buffers[index])));
    files.forEach((file, index) => {
      if (file) see({ name: some[index] ?? '', ...file });
    });
  }
}

async function read(path: string): Promise<FileRead> {
  try {
    return { kind: 'found', bytes: await bare.readFile(path) };
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return { kind: 'missing' };
    return { kind: 'unavailable', message: `${path} cannot be read: ${ioWords(error)}` };
  }
}

async function remove(path: string): Promise<FileWrite> {
  try {
    await bare.unlink(path);
    return { kind: 'done' };
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return { kind: 'done' };
    return { kind: 'unavailable', message: `${path} cannot be removed: ${ioWords(error)}` };
  }
}

async function readStart(path: string, buffer = Buffer.allocUnsafe(startBytes)) {
  const handle = await open(path, 'r').catch(ignoreMissing);
  if (!handle) return undefined;
  try {
    const [{ size }, { bytesRead }] = await Promise.all([handle.stat(), handle.read(buffer, 0, startBytes, 0)]);
    return { start: buffer.subarray(0, bytesRead), bytes: size };
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if (ioCode(error) !== 'ENOENT') throw error;
}

async function emptyFolder(path: string): Promise<void> {
  await ownFolder(path);
  await inBatches(await readdir(path), readAtOnce, (name) => rm(join(path, name), { force: true }));
}

/** Also one that an earlier owner left open to others. */
async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

async function touch(lock: StateLock, { directory, problem }: Pick<SpoolFilesOptions, 'directory' | 'problem'>) {
  const subject = `lock of ${directory}`;
  try {
    await lock.touch();
    problem({ subject, message: undefined });
  } catch (error) {
    problem({ subject, message: `The lock in ${directory} cannot be renewed: ${ioWords(error)}.` });
  }
}
