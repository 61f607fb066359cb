import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unzipEntry } from '../../scripts/chart/unzip-entry.ts';

interface Entry {
  readonly name: string;
  readonly content: string;
  readonly stored?: boolean;
  /** In the local header; one that was written as a stream has none there. */
  readonly extra?: number;
}

/** As PKWARE's APPNOTE has it: local headers with contents, the central directory, its end. */
function zip(entries: readonly Entry[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false, extra = 0 } of entries) {
    const bytes = stored ? Buffer.from(content) : deflateRawSync(content);
    const local = Buffer.alloc(30 + extra + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra, 28);
    local.write(name, 30);
    const central = Buffer.alloc(46 + name.length);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(stored ? 0 : 8, 10);
    central.writeUInt32LE(bytes.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    central.write(name, 46);
    locals.push(local, bytes);
    directory.push(central);
    offset += local.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end, Buffer.from(comment)]);
}

const archive = zip([
  { name: 'helm/', content: '', stored: true },
  { name: 'helm/helm', content: 'the program '.repeat(100), extra: 9 },
  { name: 'plain', content: 'as it is', stored: true },
]);

test.each([
  ['helm/helm', 'the program '.repeat(100)],
  ['plain', 'as it is'],
])('%s is found among others', (name, content) => {
  expect(unzipEntry(archive, name)?.toString()).toBe(content);
});

test('a name that is not there is not found, nor one that another begins with', () => {
  expect(unzipEntry(archive, 'helm')).toBeUndefined();
  expect(unzipEntry(archive, 'helm/helm2')).toBeUndefined();
});

test('a comment after the end does no harm', () => {
  expect(unzipEntry(zip([{ name: 'a', content: 'b' }], 'made by hand'), 'a')?.toString()).toBe('b');
});

test('what is no archive has nothing in it', () => {
  expect(unzipEntry(Buffer.from('not a zip'), 'a')).toBeUndefined();
});
