// Tells versions of an object apart without showing what is in it: a hash with a key that stays in the state directory,
// so that a short password cannot be found by trying.
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { ioCode } from './io-words.ts';
import { writeAtomically } from './write-atomically.ts';

export type Fingerprint = (value: unknown) => string;

const keyBytes = 32;

/** The same for equal values, whatever the order of their keys. */
export function createFingerprint(key: Buffer): Fingerprint {
  const secret = createSecretKey(key);
  return (value) => createHmac('sha256', secret).update(canonicalText(value)).digest('hex').slice(0, 32);
}

/** Reads the key, or makes one, and keeps it, where there is none or a damaged one. Rejects with the system's error. */
export async function loadKey(path: string, { keep }: { readonly keep: boolean } = { keep: true }): Promise<Buffer> {
  const stored = await readKey(path);
  if (stored?.length === keyBytes) return stored;
  const key = randomBytes(keyBytes);
  if (keep) await writeAtomically(path, key, 0o600);
  return key;
}

export interface StoredKey {
  readonly isWhole: boolean;
  /** Of its file. */
  readonly mode: number;
}

/** For those who only look: undefined where there is none. Rejects with the system's error. */
export async function storedKey(path: string): Promise<StoredKey | undefined> {
  const stored = await readKey(path);
  return stored && { isWhole: stored.length === keyBytes, mode: (await stat(path)).mode };
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function canonicalText(value: unknown): string {
  return String(JSON.stringify(value, sortedKeys));
}

function sortedKeys(_key: string, part: unknown): unknown {
  if (typeof part === 'bigint') return `${part}n`;
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
}
