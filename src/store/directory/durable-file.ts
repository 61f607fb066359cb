// Files that outlast a crash of the machine: the bytes are on the disk before the name is, and then the name.
import { randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ioCode } from './io-words.ts';

/** Refuses a name that is there. Rejects with the system's error, and leaves no temporary file then. */
export async function createDurably(directory: string, name: string, bytes: Buffer): Promise<'created' | 'exists'> {
  const temporary = join(directory, `.${name}.${randomBytes(6).toString('hex')}`);
  try {
    await writeSynced(temporary, bytes);
    // Unlike a rename, a link takes no name that another has.
    await link(temporary, join(directory, name));
  } catch (error) {
    if (ioCode(error) !== 'EEXIST') throw error;
    return 'exists';
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(directory);
  return 'created';
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
