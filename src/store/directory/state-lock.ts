// One operator a state directory: a file `lock` that names its holder. A file and no flock, because a state directory may
// be on a network mount, and so that a person can see who holds it.
//
// A lock is void when its process is gone (same host: process id and start time) or, from another host or unreadable,
// when it was not touched for a minute.
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isObject } from '../../api/json.ts';
import { ioCode, ioWords } from './io-words.ts';
import { processStart } from './process-start.ts';

export type LockResult =
  | { readonly kind: 'locked'; readonly lock: StateLock }
  /** A sentence that says who holds it or why it cannot be made, and what to do. */
  | { readonly kind: 'failed'; readonly message: string };

export interface StateLock {
  /** Shows other hosts that its holder lives; to be called well within a minute. */
  touch(): Promise<void>;
  /** At once and for good. */
  release(): void;
}

const voidAfterMs = 60_000;

export async function lockState(directory: string, now: () => number): Promise<LockResult> {
  const path = join(directory, 'lock');
  const text = JSON.stringify(ownHolder(now()));
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const made = await make(path, text);
    if (made.kind === 'made') return { kind: 'locked', lock: heldLock(path, text, now) };
    if (made.kind === 'failed') return { kind: 'failed', message: cannotLock(directory, made.error) };
    const seen = await look(path);
    if (!seen) continue;
    if (!isVoid(seen, now())) return { kind: 'failed', message: heldMessage(directory, seen.holder) };
    await removeVoid(path, seen.text);
  }
  return { kind: 'failed', message: `The state directory ${directory} is being locked by others all the time.` };
}

export type StateHolder =
  | { readonly kind: 'free' }
  /** `void`: by one that is gone. */
  | { readonly kind: 'held' | 'void'; readonly who: string };

/** For those who only look. Rejects with the system's error. */
export async function stateHolder(directory: string, now: number): Promise<StateHolder> {
  const seen = await look(join(directory, 'lock'));
  if (!seen) return { kind: 'free' };
  return { kind: isVoid(seen, now) ? 'void' : 'held', who: holderText(seen.holder) };
}

interface Holder {
  readonly pid: number;
  /** As the system counts it, so that a reused process id is told apart. */
  readonly started: string;
  readonly host: string;
  readonly since: string;
}

function ownHolder(now: number): Holder {
  const since = new Date(now).toISOString();
  return { pid: process.pid, started: processStart(process.pid) ?? '', host: hostname(), since };
}

type Made = { readonly kind: 'made' } | { readonly kind: 'exists' } | { readonly kind: 'failed'; error: unknown };

async function make(path: string, text: string): Promise<Made> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o644 });
    return { kind: 'made' };
  } catch (error) {
    return ioCode(error) === 'EEXIST' ? { kind: 'exists' } : { kind: 'failed', error };
  }
}

interface SeenLock {
  readonly text: string;
  readonly holder: Holder | undefined;
  readonly touched: number;
}

async function look(path: string): Promise<SeenLock | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { text, holder: parseHolder(text), touched: mtimeMs };
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { pid, started, host, since } = value;
    if (typeof pid !== 'number' || typeof started !== 'string') return undefined;
    return { pid, started, host: String(host), since: String(since) };
  } catch {
    return undefined; // half-written or damaged: judged by its age
  }
}

function isVoid({ holder, touched }: SeenLock, now: number): boolean {
  if (holder?.host === hostname()) return processStart(holder.pid) !== holder.started;
  return now - touched > voidAfterMs;
}

/** Moved away first: of two that see the same void lock, one moves it and the other finds a live one in its hands. */
async function removeVoid(path: string, judged: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readFile(aside, 'utf8');
  if (moved !== judged) await link(aside, path).catch(ignoreExisting);
  await rm(aside, { force: true });
}

function ignoreExisting(error: unknown): void {
  if (ioCode(error) !== 'EEXIST') throw error;
}

function heldLock(path: string, text: string, now: () => number): StateLock {
  return {
    async touch() {
      const seconds = now() / 1000;
      await utimes(path, seconds, seconds);
    },
    release() {
      if (isOwn(path, text)) rmSync(path, { force: true });
    },
  };
}

function isOwn(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8') === text;
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function heldMessage(directory: string, holder: Holder | undefined): string {
  return `The state directory ${directory} is in use by ${holderText(holder)}. Stop that one, or give this one another with --state.`;
}

function holderText(holder: Holder | undefined): string {
  return holder ? `process ${holder.pid} on ${holder.host} since ${holder.since}` : 'another process';
}

function cannotLock(directory: string, error: unknown): string {
  return `The state directory ${directory} cannot be used: ${ioWords(error)}. Give a writable one with --state.`;
}
