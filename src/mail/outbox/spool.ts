// The outbox as a directory: the engine without a cluster. One process holds it, so that leases are in its memory.
//
//             accept                     settle accepted: ledger, then
//   (nothing) ──────► waiting/<id> ─────────────────────────────────► gone
//                       │    ▲  ▲ settle retry: written anew
//          settle dead  │    │  └──┘
//                       ▼    │ retry
//                      dead/<id>          drop, settle dropped: gone
//
// A move between the boxes writes the new file before the old one goes; `revision` says which of two counts.
import type { SpoolFiles } from '../../store/spool-files.ts';
import { createAcceptOnce } from './accept-once.ts';
import { createEngineState, type EngineOptions } from './engine-state.ts';
import { entryNow } from './entry-now.ts';
import { createFreshBodies } from './fresh-bodies.ts';
import type { Outbox } from './outbox.ts';
import { createRememberSent } from './remember-sent.ts';
import { spoolMessage } from './spool-accept.ts';
import { dropMessage, readBody, retryMessage } from './spool-change.ts';
import { leaseMessages } from './spool-lease.ts';
import { scanSpool } from './spool-scan.ts';
import type { SpoolExtra, SpoolState } from './spool-state.ts';
import { fulfilWishes } from './spool-wishes.ts';

export interface SpoolOptions extends EngineOptions {
  /** With `spoolBoxes`; closed with the outbox. */
  readonly files: SpoolFiles;
}

/** How many messages wait at most, unless it is said. */
const most = 100_000;

/** Rejects with the system's error where the files cannot be listed. */
export async function openSpool(options: SpoolOptions): Promise<Outbox> {
  const { remember, end } = createRememberSent(options);
  const spool: SpoolState = {
    ...createEngineState<SpoolExtra>(options, most),
    files: options.files,
    bodies: createFreshBodies(),
    remember,
  };
  await scanSpool(spool);
  const closing = new AbortController();
  const wishes = fulfilWishes(spool, closing.signal);
  return {
    accept: createAcceptOnce({ ...spool, store: (message) => spoolMessage(spool, message) }),
    lease: (asked) => leaseMessages(spool, asked),
    nextAt: () => spool.index.nextAt(),
    list: async () => [...spool.index.all()].map((held) => entryNow(held, options.clock.now())),
    waiting: spool.index.waiting,
    read: (id) => readBody(spool, id),
    retry: (id) => retryMessage(spool, id),
    drop: (id, reason) => dropMessage(spool, id, reason),
    onReady: spool.ready.listen,
    onDropped: spool.dropped.listen,
    async close() {
      closing.abort();
      await wishes;
      await end();
      await options.files.close();
    },
  };
}
