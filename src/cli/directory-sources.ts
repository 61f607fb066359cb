// Policies of a directory of manifests, with what the operator remembers in its state directory.
import { join } from 'node:path';
import { readHistory } from '../mail/history/read-history.ts';
import { openLedger } from '../mail/ledger/open-ledger.ts';
import { systemClock } from '../store/clock.ts';
import { createDirectoryStore } from '../store/directory/directory-store.ts';
import { createFileSegments } from '../store/directory/file-segments.ts';
import { directoryInbox, directoryJournal } from './directory-alarms.ts';
import { directoryHistory } from './directory-mail.ts';
import { UnusableArgument } from './io.ts';
import type { PolicySources, SourceDeps } from './policy-sources.ts';
import type { PlaceFlags, SourcePlace } from './source-flags.ts';

export async function directorySources(
  { directory, state }: Extract<SourcePlace, { kind: 'directory' }>,
  { namespace }: PlaceFlags,
  { problems: { note } }: SourceDeps,
): Promise<PolicySources> {
  const opened = await createDirectoryStore({
    directory,
    stateDirectory: state,
    ...(namespace !== undefined && { namespace }),
    now: Date.now,
    readOnly: true,
  });
  if (opened.kind === 'failed') throw new UnusableArgument(opened.message);
  const { store } = opened;
  const stop = new AbortController();
  const nobody = () => undefined;
  await store.startPolicies({ policyChanged: nobody, accountChanged: nobody, problem: note }, stop.signal);
  return {
    store,
    relays: store,
    ledger: () =>
      openLedger(createFileSegments(join(state, 'ledger'), { beside: true }), {
        batchMs: 0,
        shared: false,
        clock: systemClock,
        random: Math.random,
        problem: note,
      }),
    deliveries: (since) => readHistory(directoryHistory(state, { readOnly: true }), { since, problem: note }),
    alarms: {
      journal: directoryJournal(state),
      openInbox: () => directoryInbox({ stateDirectory: state, clock: systemClock, problem: note }),
    },
    close: async () => stop.abort(),
  };
}
