// The operator on a cluster: of several replicas one probes at a time, the holder of the lease relaykeeper-probes.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pino } from 'pino';
import type { Log, RelayDeps } from '../relays/relay-deps.ts';
import { runRelays } from '../relays/run-relays.ts';
import { systemTimer } from '../relays/timer.ts';
import { clusterDeniedCidrs } from '../smtp/address-rule.ts';
import { probe } from '../smtp/probe.ts';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createKubernetesLeases } from '../store/kubernetes/kubernetes-leases.ts';
import { createKubernetesStore } from '../store/kubernetes/kubernetes-store.ts';
import { type ElectionEvent, electionTimings, runAsLeader } from '../store/leader-election.ts';
import type { StoreProblem } from '../store/store.ts';
import { exitCodes, type Io } from './io.ts';
import { openCluster } from './open-cluster.ts';
import type { RunFlags } from './run-command.ts';
import { settingsOf, tokenSourceFor } from './settings.ts';
import { version } from './version.ts';

const probesLease = 'relaykeeper-probes';

export async function runCluster(flags: RunFlags, io: Io, signal: AbortSignal): Promise<number> {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const client = await openCluster(flags, { qps: flags.kubeApiQps, io });
  const identity = flags.identity ?? io.env.POD_NAME ?? hostname();
  const settings = await settingsOf(flags, clusterDeniedCidrs);
  const tokens = tokenSourceFor(settings);
  log.info({ identity, version }, 'relaykeeper starts');
  const leases = createKubernetesLeases(client, flags.operatorNamespace ?? io.env.POD_NAMESPACE ?? client.namespace);
  await runAsLeader(
    {
      leases,
      name: probesLease,
      // Two processes that share a name must not share a lease.
      identity: `${identity}_${randomUUID()}`,
      timings: electionTimings,
      clock: systemClock,
      random: Math.random,
      tell: electionTeller(log),
    },
    (term, mayAct) => lead({ flags, client, identity, deps: { probe, tokens, settings, log, mayAct } }, term),
    signal,
  );
  client.close();
  log.info({}, 'relaykeeper has stopped');
  return exitCodes.succeeded;
}

interface Leadership {
  readonly flags: RunFlags;
  readonly client: ApiClient;
  readonly identity: string;
  readonly deps: Pick<RelayDeps, 'probe' | 'tokens' | 'settings' | 'log' | 'mayAct'>;
}

async function lead({ flags, client, identity, deps }: Leadership, term: AbortSignal): Promise<void> {
  const store = createKubernetesStore({
    client,
    namespaces: flags.namespace ?? [],
    secretAccess: flags.secretAccess,
    identity,
    clock: systemClock,
    random: Math.random,
  });
  const relays = await runRelays(
    { ...deps, store, now: Date.now, setTimer: systemTimer, random: Math.random, recall: true },
    term,
    {
      onProblem: (problem) => tellProblem(problem, deps.log),
    },
  );
  await relays.ended;
}

function tellProblem({ subject, message }: StoreProblem, log: Log): void {
  if (message === undefined) log.info({ subject }, 'works again');
  else log.error({ subject }, message);
}

/** Tells what is new; a candidate asks again every two seconds. */
function electionTeller(log: Log): (event: ElectionEvent) => void {
  let last = '';
  return (event) => {
    const words = electionWords(event);
    if (words === last) return;
    last = words;
    if (event.kind === 'failed') log.error({ lease: probesLease }, words);
    else log.info({ lease: probesLease }, words);
  };
}

function electionWords(event: ElectionEvent): string {
  switch (event.kind) {
    case 'elected':
      return 'this replica probes';
    case 'waiting':
      return event.holder ? `${event.holder} probes` : 'waiting for the lease';
    case 'ended':
      return 'this replica no longer probes';
    case 'failed':
      return event.message;
  }
}
