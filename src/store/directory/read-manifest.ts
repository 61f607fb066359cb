// Reads one manifest file from disk: bounded, and never hanging on what only looks like a file.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { mostManifestBytes } from '../../api/manifest/read-manifests.ts';
import { ioCode, ioWords } from './io-words.ts';

export type ManifestText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'gone' }
  /** A sentence. */
  | { readonly kind: 'failed'; readonly message: string };

export async function readManifest(path: string): Promise<ManifestText> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return await readBounded(handle);
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return { kind: 'gone' };
    return { kind: 'failed', message: `It cannot be read: ${ioWords(error)}.` };
  } finally {
    await handle?.close();
  }
}

async function readBounded(handle: FileHandle): Promise<ManifestText> {
  const facts = await handle.stat();
  if (!facts.isFile()) return { kind: 'failed', message: 'It is no regular file.' };
  if (facts.size > mostManifestBytes) return { kind: 'failed', message: tooLarge(facts.size) };
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(facts.size + 1), 0, facts.size + 1, 0);
  return decodedManifest(buffer.subarray(0, bytesRead));
}

export function decodedManifest(bytes: Buffer): Exclude<ManifestText, { kind: 'gone' }> {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'failed', message: 'It is no UTF-8 text. Save it as UTF-8.' };
  }
}

function tooLarge(bytes: number): string {
  const size = (bytes / 1024 / 1024).toFixed(1);
  return `It is ${size} MiB; at most 4 MiB of one file are read. Split it into several files.`;
}
