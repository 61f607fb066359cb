// Reads the file of a recorded stream, or says where it is wrong.
import { readFile, stat } from 'node:fs/promises';
import { ioWords } from '../../store/directory/io-words.ts';
import { UnusableArgument } from '../io.ts';
import { type Recorded, recordedStream } from './recorded-stream.ts';

const mostBytes = 256 * 1024 * 1024;
const toldFaults = 20;

export async function readRecorded(file: string): Promise<readonly Recorded[]> {
  const { records, faults } = recordedStream(await textOf(file));
  if (faults.length === 0) return records;
  const told = faults.slice(0, toldFaults).map(({ line, path, message }) => {
    const place = line === undefined ? file : `${file}:${line}`;
    return `${place}: ${path} ${message}`;
  });
  const more = faults.length > toldFaults ? [`and ${faults.length - toldFaults} more`] : [];
  throw new UnusableArgument([...told, ...more].join('\n  '));
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) throw new UnusableArgument(`${file}: it is more than 256 MiB`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof UnusableArgument) throw error;
    throw new UnusableArgument(`${file}: cannot be read: ${ioWords(error)}`);
  }
}
