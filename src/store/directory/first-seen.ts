// When each account was first seen, kept over restarts in `<state>/accounts.jsonl`: one line an account, one more once it
// has gone. A cluster has creation timestamps for that; of an account of old a rule must not think that it is new.
import { appendFile } from 'node:fs/promises';
import { timestamp } from '../../api/conditions.ts';
import { isObject } from '../../api/json.ts';
import { type Key, keyText } from '../../api/resource.ts';
import { createSerially } from '../serially.ts';
import { ioWords } from './io-words.ts';
import { readLines } from './read-lines.ts';
import { writeAtomically } from './write-atomically.ts';

export interface FirstSeen {
  /** RFC 3339; now, where it was never seen before. */
  of(account: Key): string;
  /** The account has gone: one of its name that comes later is another. */
  forget(account: Key): void;
  /** Every account there is; all others have gone while nobody looked. */
  retain(accounts: readonly Key[]): void;
  /** Writes what is new. Gives a sentence where it cannot; it is tried again with the next call. */
  save(): Promise<string | undefined>;
}

export interface FirstSeenOptions {
  readonly now: () => number;
  readonly readOnly: boolean;
}

/** Rejects with the system's error where the file is there and cannot be read. */
export async function loadFirstSeen(path: string, { now, readOnly }: FirstSeenOptions): Promise<FirstSeen> {
  const times = new Map<string, string>();
  for (const line of await readLines(path)) apply(times, line);
  const serially = createSerially();
  let unsaved: string[] = [];

  const note = (account: string, seen: string | undefined) => {
    if (seen === undefined) times.delete(account);
    else times.set(account, seen);
    unsaved.push(`${JSON.stringify({ account, seen: seen ?? null })}\n`);
  };
  const forget = (account: string) => {
    if (times.has(account)) note(account, undefined);
  };
  const append = async (): Promise<string | undefined> => {
    const lines = unsaved;
    if (lines.length === 0 || readOnly) return undefined;
    unsaved = [];
    try {
      await appendFile(path, lines.join(''));
      return undefined;
    } catch (error) {
      unsaved = [...lines, ...unsaved];
      return `${path} cannot be written: ${ioWords(error)}.`;
    }
  };
  if (!readOnly) await rewrite(path, times);

  return {
    of(account) {
      const text = keyText(account);
      const seen = times.get(text) ?? timestamp(now());
      if (!times.has(text)) note(text, seen);
      return seen;
    },
    forget: (account) => forget(keyText(account)),
    retain(accounts) {
      const kept = new Set(accounts.map(keyText));
      for (const account of [...times.keys()]) if (!kept.has(account)) forget(account);
    },
    save: () => serially(path, append),
  };
}

/** What was appended since the last start, in as few lines as can be. */
async function rewrite(path: string, times: ReadonlyMap<string, string>): Promise<void> {
  const lines = [...times].map(([account, seen]) => `${JSON.stringify({ account, seen })}\n`);
  await writeAtomically(path, lines.join(''), 0o644);
}

/** A line that a crash cut short, or that somebody edited, says nothing. */
function apply(times: Map<string, string>, line: unknown): void {
  if (!isObject(line) || typeof line.account !== 'string') return;
  if (line.seen === null) times.delete(line.account);
  else if (typeof line.seen === 'string' && Number.isFinite(Date.parse(line.seen))) times.set(line.account, line.seen);
}
