// A spool and its ledger in a directory, as the operator opens them.
import { join } from 'node:path';
import { openLedger } from '../../../src/mail/ledger/open-ledger.ts';
import { openSpool } from '../../../src/mail/outbox/spool.ts';
import { spoolBoxes } from '../../../src/mail/outbox/spool-state.ts';
import type { Clock } from '../../../src/store/clock.ts';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import { openSpoolFiles } from '../../../src/store/directory/spool-files.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import type { OpenOutbox } from './conformance.ts';

export interface TestSpoolOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly maxMessages?: number;
  readonly maxDead?: number;
  readonly problem?: (problem: StoreProblem) => void;
}

export async function openTestSpool({
  directory,
  clock,
  maxMessages,
  maxDead,
  problem,
}: TestSpoolOptions): Promise<OpenOutbox> {
  const told = problem ?? unexpected;
  const ledger = await openLedger(createFileSegments(join(directory, 'ledger')), {
    batchMs: 1,
    shared: false,
    clock,
    random: Math.random,
    problem: told,
  });
  const opened = await openSpoolFiles({
    directory: join(directory, 'outbox'),
    boxes: spoolBoxes,
    now: Date.now,
    problem: told,
  });
  if (opened.kind === 'failed') throw new Error(opened.message);
  const outbox = await openSpool({
    files: opened.files,
    ledger,
    clock,
    problem: told,
    ...(maxMessages === undefined ? {} : { maxMessages }),
    ...(maxDead === undefined ? {} : { maxDead }),
  });
  return { outbox, ledger };
}

function unexpected({ message }: StoreProblem): void {
  if (message !== undefined) throw new Error(message);
}
