// Can files be made here? Tried out, since modes, mounts and quotas all have a say.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ioWords } from './io-words.ts';
import { lookAt } from './list-tree.ts';

export interface FoundDirectory {
  readonly path: string;
  /** It is the one that was asked for, and not one above it. */
  readonly isItself: boolean;
}

/** The directory, or the nearest above it that is there. */
export async function nearestDirectory(path: string): Promise<FoundDirectory> {
  const wanted = resolve(path);
  for (let at = wanted; ; at = dirname(at)) {
    if ((await lookAt(at)).kind !== 'absent' || at === dirname(at)) return { path: at, isItself: at === wanted };
  }
}

/** Undefined where a file can be written and synced; nothing of it stays. */
export async function writeFault(directory: string): Promise<string | undefined> {
  let made: string | undefined;
  try {
    made = await mkdtemp(join(directory, '.relaykeeper-doctor-'));
    const file = await open(join(made, 'tried'), 'wx');
    try {
      await file.write('tried');
      await file.sync();
    } finally {
      await file.close();
    }
    return undefined;
  } catch (error) {
    return ioWords(error);
  } finally {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
  }
}
