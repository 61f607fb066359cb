// The spool behaves as the Outbox port asks: a directory a test.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import { outboxConformance } from './conformance.ts';
import { openTestSpool } from './open-test-spool.ts';

outboxConformance(async () => {
  const directory = temporaryDirectory();
  return {
    async open(options) {
      const opened = await openTestSpool({ directory, ...options });
      onTestFinished(() => opened.outbox.close());
      return opened;
    },
    async stored() {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('\n');
    },
  };
});
