// Reads a file of JSON lines; a line that is none, such as one that a crash cut short, is left out.
import { readFile } from 'node:fs/promises';
import { ioCode } from './io-words.ts';

/** Empty where there is no file. Rejects with the system's error. */
export async function readLines(path: string): Promise<unknown[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').flatMap(parsed);
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return []; // half a line: as good as none
  }
}
