// What doctor asks a directory of manifests and its state, beside an operator that may be running. Changes nothing that lasts.
import { join } from 'node:path';
import { resolveHost } from '../../smtp/network/resolve.ts';
import { createFileSegments } from '../../store/directory/file-segments.ts';
import { directoryJournal } from '../directory-alarms.ts';
import { directoryHistory } from '../directory-mail.ts';
import { directorySources } from '../directory-sources.ts';
import type { Io } from '../io.ts';
import { spoolAccess } from '../outbox-spool.ts';
import { createToldProblems } from '../told-problems.ts';
import { declaredFacts } from './declared-facts.ts';
import type { NamingWorld } from './dns-check.ts';
import type { KeepingWorld } from './kept-check.ts';
import type { WebhookWorld } from './webhook-check.ts';

export interface DirectoryPlace {
  readonly directory: string;
  readonly state: string;
  /** Of objects that name none. */
  readonly namespace: string | undefined;
  readonly webhookUrl: URL | undefined;
}

export interface DirectoryWorld extends KeepingWorld, NamingWorld, WebhookWorld, DirectoryPlace {
  close(): Promise<void>;
}

const resolveWithin = 10_000;

/** Throws UnusableArgument where there is no such directory. */
export async function openDirectoryWorld(place: DirectoryPlace, io: Io): Promise<DirectoryWorld> {
  const { directory, state, namespace } = place;
  // What the store complains of, the check of the manifests says better.
  const problems = createToldProblems();
  const flags = namespace === undefined ? {} : { namespace };
  const sources = await directorySources({ kind: 'directory', directory, state }, flags, { io, problems });
  const manifests = {
    relays: sources.relays.list().map((key) => sources.relays.get(key)?.manifest),
    policies: sources.store.listPolicies().map((key) => sources.store.getPolicy(key)?.manifest),
  };
  return {
    ...place,
    declared: async () => ({ kind: 'read', facts: declaredFacts(manifests.relays, manifests.policies) }),
    resolve: (host, signal) => resolveHost(host, { timeout: resolveWithin, signal, dnsServers: undefined }),
    kept: {
      openOutbox: async (told) => spoolAccess(state, told),
      ledger: createFileSegments(join(state, 'ledger'), { beside: true }),
      history: directoryHistory(state, { readOnly: true }),
      journal: directoryJournal(state),
      remedy: `Look at the files in ${state} and whose they are; restore what is damaged from a backup, or take it away.`,
    },
    now: Date.now,
    close: () => sources.close(),
  };
}
