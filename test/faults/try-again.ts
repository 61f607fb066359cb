// Does to every message that waits after a failed try what `relaykeeper outbox retry` does: asks the operator to try it
// now. Backoff starts at a minute; its times have tests of their own.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { wishesBox } from '../../src/mail/outbox/spool-state.ts';
import { viewSpool } from '../../src/mail/outbox/spool-view.ts';
import { wishName } from '../../src/mail/outbox/spool-wishes.ts';
import { visitSpoolFiles } from '../../src/store/directory/spool-files.ts';
import type { Folders } from '../store/directory/opened-store.ts';

/** Again and again until the signal aborts; how many were asked for. */
export async function tryAgain({ stateDirectory }: Folders, signal: AbortSignal): Promise<number> {
  const files = visitSpoolFiles(join(stateDirectory, 'outbox'));
  // A file that is on its way to another place while it is read is no fault here.
  const spool = viewSpool({ files, problem: () => undefined });
  let asked = 0;
  while (!signal.aborted) {
    const waiting = (await spool.list()).filter(
      ({ state, notBefore, lastAttempt }) => state === 'Waiting' && lastAttempt && notBefore > Date.now(),
    );
    for (const { id } of waiting) await files.leave(wishesBox, wishName(id, 'retry'));
    asked += waiting.length;
    await wait(1_000);
  }
  return asked;
}
