import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import { openSegmentInbox } from '../../../src/store/inbox/open-segment-inbox.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { temporaryDirectory } from '../directory/temporary-directory.ts';
import { texts } from '../inbox-conformance.ts';
import { linesUntilKilled } from '../lines-until-killed.ts';

test('an inbox in a directory has every request that was told as kept, whenever its process is killed', async () => {
  const program = fileURLToPath(import.meta.resolve('./inbox-worker.ts'));
  const directory = temporaryDirectory();
  for (let kill = 0; kill < 5; kill += 1) {
    const kept = await linesUntilKilled(program, directory);
    const problems: StoreProblem[] = [];
    const problem = (told: StoreProblem) => void problems.push(told);
    const inbox = await openSegmentInbox(createFileSegments(directory), { clock: systemClock, problem });
    const found = new Set<string>();
    while (inbox.size.records > 0) {
      const records = await inbox.read(500);
      // What is left are parts without their rest.
      if (records.length === 0) break;
      for (const { body } of records) found.add(body.toString().slice(0, body.indexOf(' ')));
      await inbox.remove(records.map(({ name }) => name));
    }
    expect(kept.filter((id) => !found.has(id))).toEqual([]);
    expect(await texts(inbox)).toEqual([]);
    expect(problems).toEqual([]);
  }
}, 120_000);
