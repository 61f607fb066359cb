// Replaces a file so that a reader sees the old or the new text, never a part, also after a crash between.
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeDirectory } from './make-directory.ts';

/** Makes the directory where it is missing. Rejects with the system's error, and leaves no temporary file then. */
export async function writeAtomically(path: string, text: string | Buffer, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  await makeDirectory(dirname(path));
  try {
    await writeFile(temporary, text, { mode, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
