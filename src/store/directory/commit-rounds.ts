// Group commit: what is to be written or removed while one round is on its way to the disk goes together in the next.
//
//   a round:  write and sync each file in tmp/ ──► rename each to its box, unlink ──► sync each box ──► tell everybody
//
// A crash before the rename leaves a file in tmp/, which nobody reads; after it a whole file.
import { close, fdatasync, open, rename, write } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FileWrite } from '../spool-files.ts';
import { syncDirectory } from './durable-file.ts';
import { inBatches } from './in-batches.ts';
import { ioWords } from './io-words.ts';

export interface CommitRounds {
  write(file: Target & { readonly content: readonly Buffer[] }): Promise<FileWrite>;
  remove(file: Target): Promise<FileWrite>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface Target {
  readonly box: string;
  readonly name: string;
}

/** Bare descriptors: the handles of node:fs/promises cost as much again as the work. */
const system = {
  open: promisify(open),
  write: promisify(write),
  fdatasync: promisify(fdatasync),
  close: promisify(close),
  rename: promisify(rename),
};

/** libuv does file work on four threads. */
const atOnce = 16;

export function createCommitRounds(directory: string): CommitRounds {
  let waiting: Job[] = [];
  let running: Promise<void> | undefined;
  let count = 0;

  const run = async () => {
    while (waiting.length > 0) {
      const jobs = waiting;
      waiting = [];
      await commit(directory, jobs);
    }
    running = undefined;
  };
  const enter = (job: Omit<Job, 'done' | 'error'>): Promise<FileWrite> => {
    const done = Promise.withResolvers<FileWrite>();
    waiting.push({ ...job, done, error: undefined });
    running ??= Promise.resolve().then(run);
    return done.promise;
  };

  return {
    write({ box, name, content }) {
      count += 1;
      return enter({ box, name, content, temporary: join(directory, 'tmp', `${name}.${count}`) });
    },
    remove: (target) => enter({ ...target, content: undefined, temporary: '' }),
    idle: async () => running,
  };
}

interface Job extends Target {
  /** Undefined: it is to be removed. */
  readonly content: readonly Buffer[] | undefined;
  readonly temporary: string;
  readonly done: PromiseWithResolvers<FileWrite>;
  error: unknown;
}

async function commit(directory: string, jobs: readonly Job[]): Promise<void> {
  await inBatches(jobs, atOnce, (job) => attempt(job, () => writeSynced(job)));
  const { first, later } = byTurn(jobs);
  await inBatches(first, atOnce, (job) => attempt(job, () => place(directory, job)));
  for (const job of later) await attempt(job, () => place(directory, job));
  for (const box of new Set(jobs.map((job) => job.box))) {
    const inBox = jobs.filter((job) => job.box === box);
    const error = await syncError(join(directory, box));
    for (const job of inBox) job.error ??= error;
  }
  await inBatches(jobs, atOnce, (job) => settle(directory, job));
}

/** Of two about one name the later counts, so it comes later. */
function byTurn(jobs: readonly Job[]): { readonly first: Job[]; readonly later: Job[] } {
  const seen = new Set<string>();
  const turn = { first: [] as Job[], later: [] as Job[] };
  for (const job of jobs) {
    const path = join(job.box, job.name);
    (seen.has(path) ? turn.later : turn.first).push(job);
    seen.add(path);
  }
  return turn;
}

async function attempt(job: Job, step: () => Promise<void>): Promise<void> {
  if (job.error !== undefined) return;
  try {
    await step();
  } catch (error) {
    job.error = error;
  }
}

async function writeSynced({ content, temporary }: Job): Promise<void> {
  if (!content) return;
  const file = await system.open(temporary, 'wx', 0o600);
  try {
    await writeWhole(file, Buffer.concat(content));
    await system.fdatasync(file);
  } finally {
    await system.close(file);
  }
}

async function writeWhole(file: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await system.write(file, bytes, at, bytes.length - at, null);
    at += bytesWritten;
  }
}

async function place(directory: string, { box, name, content, temporary }: Job): Promise<void> {
  const path = join(directory, box, name);
  if (content) await system.rename(temporary, path);
  else await rm(path, { force: true });
}

async function syncError(path: string): Promise<unknown> {
  try {
    await syncDirectory(path);
    return undefined;
  } catch (error) {
    return error;
  }
}

async function settle(directory: string, { box, content, temporary, done, error }: Job): Promise<void> {
  if (error === undefined) return done.resolve({ kind: 'done' });
  if (content) await rm(temporary, { force: true }).catch(leaveForNextOpen);
  // Without the file's name: on a full disk it is the same fault for all.
  done.resolve({ kind: 'unavailable', message: `${join(directory, box)} cannot be written: ${ioWords(error)}` });
}

/** The error to tell is the job's own; the folder tmp/ is emptied when the spool is opened again. */
function leaveForNextOpen(): void {}
