// Reads and removes many small files on a thread of their own: all that come while it is busy go to it with one word, and
// come back with one. A call of node:fs costs more for its way to a thread and back than for such a file.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FileRead, FileWrite } from '../spool-files.ts';
import type { FileAnswers, FileFault, FileOrders } from './serve-files.ts';

export interface FileThread {
  read(path: string): Promise<FileRead>;
  /** One that is not there is removed. */
  remove(path: string): Promise<FileWrite>;
  /** Once what was asked before is answered. */
  close(): Promise<void>;
}

/** The thread begins with the first file. It keeps the process alive only while it has something to answer. */
export function createFileThread(): FileThread {
  let reads: Asked<FileRead>[] = [];
  let removes: Asked<FileWrite>[] = [];
  let thread: Thread | undefined;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    do {
      const [read, remove] = [reads, removes];
      reads = [];
      removes = [];
      if (!thread || thread.fault !== undefined) thread = begin();
      const answers = await ask(thread, { read: read.map(pathOf), remove: remove.map(pathOf) });
      for (const [index, { path, done }] of read.entries()) done.resolve(readAnswer(path, answers.read[index]));
      for (const [index, { path, done }] of remove.entries()) done.resolve(removeAnswer(path, answers.remove[index]));
    } while (reads.length > 0);
    running = undefined;
    later();
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    running ??= Promise.resolve().then(run);
  }

  /** Nobody waits for one to be gone: they go together, or with what is read. */
  function later(): void {
    if (!running && removes.length > 0) timer ??= setTimeout(start, patience);
  }

  return {
    read(path) {
      const done = Promise.withResolvers<FileRead>();
      reads.push({ path, done });
      start();
      return done.promise;
    },
    remove(path) {
      const done = Promise.withResolvers<FileWrite>();
      removes.push({ path, done });
      later();
      return done.promise;
    },
    async close() {
      await running;
      if (removes.length > 0) start();
      await running;
      await thread?.worker.terminate();
    },
  };
}

/** Milliseconds that the first file to be removed waits for others. */
const patience = 2;

interface Asked<Answer> {
  readonly path: string;
  readonly done: PromiseWithResolvers<Answer>;
}

interface Thread {
  readonly worker: Worker;
  /** It has ended, and why. */
  fault: string | undefined;
}

function begin(): Thread {
  // As TypeScript from the sources, as JavaScript once it is built.
  const worker = new Worker(new URL(`./serve-files${extname(import.meta.url)}`, import.meta.url));
  const thread: Thread = { worker, fault: undefined };
  worker.on('error', (error) => {
    thread.fault ??= `the thread for files failed: ${String(error)}`;
  });
  worker.on('exit', () => {
    thread.fault ??= 'the thread for files ended';
  });
  return thread;
}

function ask(thread: Thread, orders: FileOrders): Promise<FileAnswers> {
  const { worker } = thread;
  return new Promise((resolve) => {
    const answered = (answers: FileAnswers) => {
      worker.off('message', answered).off('exit', failed).unref();
      resolve(answers);
    };
    const failed = () => {
      const fault = { missing: false, why: thread.fault ?? 'no answer' };
      answered({ read: orders.read.map(() => fault), remove: orders.remove.map(() => fault) });
    };
    worker.on('message', answered).on('exit', failed).ref();
    worker.postMessage(orders);
  });
}

function pathOf({ path }: { readonly path: string }): string {
  return path;
}

function readAnswer(path: string, answer: Uint8Array | FileFault | undefined): FileRead {
  if (answer instanceof Uint8Array) {
    return { kind: 'found', bytes: Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength) };
  }
  if (answer?.missing) return { kind: 'missing' };
  return { kind: 'unavailable', message: `${path} cannot be read: ${answer?.why ?? 'no answer'}` };
}

function removeAnswer(path: string, fault: FileFault | undefined): FileWrite {
  if (!fault || fault.missing) return { kind: 'done' };
  return { kind: 'unavailable', message: `${path} cannot be removed: ${fault.why}` };
}
