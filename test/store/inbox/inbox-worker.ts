// A process that puts requests into an inbox in a directory, ten at a time and some of them large, to be killed at any
// moment. It prints each once it is told as kept.
//
// node inbox-worker.ts DIRECTORY
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { systemClock } from '../../../src/store/clock.ts';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import { openSegmentInbox } from '../../../src/store/inbox/open-segment-inbox.ts';

const [directory = ''] = process.argv.slice(2);
const inbox = await openSegmentInbox(createFileSegments(directory), { clock: systemClock, problem: () => {} });
const large = Array.from({ length: 40_000 }, () => randomUUID()).join('');

await Promise.all(
  Array.from({ length: 10 }, async (_, lane) => {
    for (;;) {
      const id = randomUUID();
      const result = await inbox.put(Buffer.from(`${id} ${lane === 0 ? large : ''}`));
      if (result.kind !== 'kept') throw new Error(JSON.stringify(result));
      writeSync(1, `${id}\n`);
    }
  }),
);
