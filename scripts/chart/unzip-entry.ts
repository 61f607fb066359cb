// One file out of a zip archive (PKWARE APPNOTE): what Node lacks, and not every machine has as a program.
import { inflateRawSync } from 'node:zlib';

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;

/** Undefined where the archive has no such file, or is none. */
export function unzipEntry(archive: Buffer, name: string): Buffer | undefined {
  const end = archive.lastIndexOf(littleEndian(endSignature));
  if (end < 0) return undefined;
  let at = archive.readUInt32LE(end + 16);
  while (archive.readUInt32LE(at) === directorySignature) {
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) === name) return contentOf(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return undefined;
}

/** The sizes are those of the central directory: an entry that was written as a stream has none of its own. */
function contentOf(archive: Buffer, at: number): Buffer {
  const stored = archive.readUInt16LE(at + 10) === 0;
  const size = archive.readUInt32LE(at + 20);
  const local = archive.readUInt32LE(at + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const content = archive.subarray(start, start + size);
  return stored ? Buffer.from(content) : inflateRawSync(content);
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
