// A file that grows by appending: what is written outlasts the process at once, and the machine once it is synced.
import { close, fdatasync, open, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { GrowingSegment, GrowthFault } from '../segments.ts';
import { syncDirectory } from './durable-file.ts';
import { ioWords } from './io-words.ts';

/** Its name is durable before anything is in it. Rejects with the system's error, as where the name is there. */
export async function growFile(directory: string, name: string): Promise<GrowingSegment> {
  const path = join(directory, name);
  const file = await system.open(path, 'ax', 0o600);
  const step = async (work: () => Promise<unknown>): Promise<GrowthFault | undefined> => {
    try {
      await work();
      return undefined;
    } catch (error) {
      return { kind: 'unavailable', message: `${path} cannot be written: ${ioWords(error)}` };
    }
  };
  try {
    await syncDirectory(directory);
  } catch (error) {
    await system.close(file);
    throw error;
  }
  return {
    kind: 'growing',
    append: (bytes) => step(async () => writeWhole(file, bytes)),
    sync: () => step(() => system.fdatasync(file)),
    close: () => step(() => system.close(file)),
  };
}

/** Bare descriptors: the handles of node:fs/promises cost as much again as the work. */
const system = {
  open: promisify(open),
  fdatasync: promisify(fdatasync),
  close: promisify(close),
};

/**
 * On this very thread: some hundred bytes into the system's cache take a microsecond or two, and the way to another thread
 * and back many times that, for each message that is sent.
 */
function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
