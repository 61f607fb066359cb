// The other thread of file-thread.ts: reads and removes what it is told to, one file after another.
import { readFileSync, unlinkSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { ioCode, ioWords } from './io-words.ts';

export interface FileOrders {
  readonly read: readonly string[];
  readonly remove: readonly string[];
}

/** In the orders' order. */
export interface FileAnswers {
  readonly read: readonly (Uint8Array | FileFault)[];
  readonly remove: readonly (FileFault | undefined)[];
}

export interface FileFault {
  /** It is not there. */
  readonly missing: boolean;
  /** As of `ioWords`. */
  readonly why: string;
}

parentPort?.on('message', ({ read, remove }: FileOrders) => {
  const answers: FileAnswers = { read: read.map(readOne), remove: remove.map(removeOne) };
  const transfer = answers.read.flatMap((one) => (one instanceof Uint8Array ? [one.buffer as ArrayBuffer] : []));
  parentPort?.postMessage(answers, transfer);
});

function readOne(path: string): Uint8Array | FileFault {
  try {
    // Not of Node's pool: all of a buffer moves to the other thread, or none.
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    return faultOf(error);
  }
}

function removeOne(path: string): FileFault | undefined {
  try {
    unlinkSync(path);
    return undefined;
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): FileFault {
  return { missing: ioCode(error) === 'ENOENT', why: ioWords(error) };
}
