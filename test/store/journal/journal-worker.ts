// A process that writes a journal in a directory as fast as it can, to be killed at any moment. Each write sets `n` and the
// text of one key to the same number; the number is printed once the write is told as written.
//
// node journal-worker.ts DIRECTORY
import { writeSync } from 'node:fs';
import { systemClock } from '../../../src/store/clock.ts';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import { openJournal } from '../../../src/store/journal/open-journal.ts';

const [directory = ''] = process.argv.slice(2);
const problem = ({ message }: { readonly message: string | undefined }) => {
  if (message !== undefined) throw new Error(message);
};
const journal = openJournal(createFileSegments(directory), { prefix: 'alarms', clock: systemClock, problem });
const texts = await journal.load();

for (let n = Number(texts.get('n') ?? '0') + 1; ; n += 1) {
  const change = new Map([
    ['n', String(n)],
    [`key-${n % 5}`, `${n} ${'x'.repeat(5_000)}`],
  ]);
  const result = await journal.write(change);
  if (result.kind !== 'written') throw new Error(JSON.stringify(result));
  writeSync(1, `${n}\n`);
}
