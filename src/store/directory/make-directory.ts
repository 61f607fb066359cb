// Makes a directory and those above it. Node's own `recursive` never ends where a parent exists and yet takes no
// directory, as below /proc.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ioCode } from './io-words.ts';

/** Rejects with the system's error; a directory that is there already is fine. */
export async function makeDirectory(path: string): Promise<void> {
  const fault = await attempt(path);
  if (!fault) return;
  if (ioCode(fault) !== 'ENOENT' || dirname(path) === path) throw fault;
  await makeDirectory(dirname(path));
  const again = await attempt(path);
  if (again) throw again;
}

/** Why it could not be made; undefined where it is there now. */
async function attempt(path: string): Promise<unknown> {
  try {
    await mkdir(path);
    return undefined;
  } catch (error) {
    return ioCode(error) === 'EEXIST' ? undefined : error;
  }
}
