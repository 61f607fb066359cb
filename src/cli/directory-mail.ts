// The outbox, the ledger and the delivery history of an operator without a cluster: folders of its state directory.

import { join } from 'node:path';
import { errorText } from '../api/error-text.ts';
import type { DeliveryHistory } from '../mail/delivery-history.ts';
import { historyBounds } from '../mail/history/history-bounds.ts';
import { openHistory } from '../mail/history/open-history.ts';
import { openLedger } from '../mail/ledger/open-ledger.ts';
import type { Ledger } from '../mail/ledger.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import { openSpool } from '../mail/outbox/spool.ts';
import { spoolBoxes } from '../mail/outbox/spool-state.ts';
import type { Clock } from '../store/clock.ts';
import { createFileSegments } from '../store/directory/file-segments.ts';
import { openSpoolFiles } from '../store/directory/spool-files.ts';
import type { Segments } from '../store/segments.ts';
import type { StoreProblem } from '../store/store.ts';

export interface DirectoryMailOptions {
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly problem: (problem: StoreProblem) => void;
}

export type DirectoryMail =
  | { readonly kind: 'opened'; readonly outbox: Outbox; readonly ledger: Ledger; readonly history: DeliveryHistory }
  /** A sentence. */
  | { readonly kind: 'failed'; readonly message: string };

/** A file costs a millisecond. */
const batchMs = 5;
/** Nobody waits for it. */
const historyWaitMs = 1_000;

export async function openDirectoryMail(options: DirectoryMailOptions): Promise<DirectoryMail> {
  const { stateDirectory, clock, problem } = options;
  const opened = await openSpoolFiles({
    directory: join(stateDirectory, 'outbox'),
    boxes: spoolBoxes,
    now: clock.now,
    problem,
  });
  if (opened.kind === 'failed') return opened;
  try {
    const segments = createFileSegments(join(stateDirectory, 'ledger'));
    const ledger = await openLedger(segments, { ...options, batchMs, shared: false });
    const outbox = await openSpool({ files: opened.files, ledger, clock, problem });
    const history = openHistory(directoryHistory(stateDirectory), {
      ...options,
      waitMs: historyWaitMs,
      bounds: historyBounds.directory,
      mayTidy: () => true,
    });
    return { kind: 'opened', ledger, outbox, history };
  } catch (error) {
    await opened.files.close();
    const why = errorText(error);
    return { kind: 'failed', message: `The state directory ${stateDirectory} cannot be used: ${why}` };
  }
}

/** `readOnly` beside an operator. */
export function directoryHistory(stateDirectory: string, { readOnly } = { readOnly: false }): Segments {
  return createFileSegments(join(stateDirectory, 'deliveries'), { beside: readOnly });
}
