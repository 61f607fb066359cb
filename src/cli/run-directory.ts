// The operator without a cluster: watches a directory of manifests, shows the relays, writes their statuses as YAML.
import { join } from 'node:path';
import type { RelayDeps } from '../relays/relay-deps.ts';
import { runRelays } from '../relays/run-relays.ts';
import { systemTimer } from '../relays/timer.ts';
import { probe } from '../smtp/probe.ts';
import { createDirectoryStore } from '../store/directory/directory-store.ts';
import type { Store } from '../store/store.ts';
import { createDirectoryView } from './directory-view.ts';
import { exitCodes, type Io, UnusableArgument } from './io.ts';
import type { RunFlags } from './run-command.ts';
import { settingsOf, tokenSourceFor } from './settings.ts';

export type DirectoryFlags = RunFlags & {
  readonly directory: string;
  /** Shown above the relays; no flag, but what a caller such as the demo has to say. */
  readonly heading?: string;
};

/** Runs until the signal aborts, or with --once until every relay was probed. Gives the exit code. */
export async function runDirectory(flags: DirectoryFlags, io: Io, signal: AbortSignal): Promise<number> {
  const store = await openStore(flags);
  const view = createDirectoryView({ store, flags, io, heading: flags.heading, now: Date.now });
  const stop = new AbortController();
  const settings = await settingsOf(flags, []);
  const deps: RelayDeps = {
    store,
    probe,
    tokens: tokenSourceFor(settings),
    settings,
    log: view.log,
    now: Date.now,
    setTimer: systemTimer,
    random: Math.random,
    mayAct: () => true,
    // Whoever asks once wants to know how it is now.
    recall: !flags.once,
  };
  const relays = await runRelays(deps, AbortSignal.any([signal, stop.signal]), view);
  if (flags.once) {
    await Promise.race([relays.settled(), relays.ended]);
    stop.abort();
  }
  await relays.ended;
  view.close();
  return flags.once ? view.exitCode() : exitCodes.succeeded;
}

async function openStore({ directory, state, namespace }: DirectoryFlags): Promise<Store> {
  if (namespace && namespace.length > 1) throw new UnusableArgument('--namespace may be given once with --directory');
  const opened = await createDirectoryStore({
    directory,
    stateDirectory: state ?? join(directory, '.relaykeeper'),
    ...(namespace?.[0] !== undefined && { namespace: namespace[0] }),
    now: Date.now,
  });
  if (opened.kind === 'failed') throw new UnusableArgument(opened.message);
  return opened.store;
}
