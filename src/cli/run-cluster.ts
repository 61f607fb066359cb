// The operator on a cluster: of several replicas one probes at a time, the holder of the lease relaykeeper-probes; all of
// them run policies. --roles pins a replica to less.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { createLoginGuard } from '../relays/login-guard.ts';
import type { Log, RelayDeps } from '../relays/relay-deps.ts';
import { runRelays } from '../relays/run-relays.ts';
import { systemTimer } from '../relays/timer.ts';
import { clusterDeniedCidrs } from '../smtp/address-rule.ts';
import { probe } from '../smtp/probe.ts';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createKubernetesLeases } from '../store/kubernetes/kubernetes-leases.ts';
import { createKubernetesStore } from '../store/kubernetes/kubernetes-store.ts';
import { type RelayFeed, startRelayFeed } from '../store/kubernetes/relay-feed.ts';
import { tellOnce } from '../store/kubernetes/tell-once.ts';
import { electionTimings, runAsLeader } from '../store/leader-election.ts';
import { problemNews } from '../store/problem-news.ts';
import type { StoreProblem } from '../store/store.ts';
import { runClusterPolicies } from './cluster-policies.ts';
import { electionTeller } from './election-teller.ts';
import { exitCodes, type Io } from './io.ts';
import { openCluster } from './open-cluster.ts';
import { hasRole } from './roles.ts';
import type { RunFlags } from './run-command.ts';
import { settingsOf, tokenSourceFor } from './settings.ts';
import { version } from './version.ts';
import { openWebhook, type Webhook } from './webhook.ts';
import { webhookListenOf } from './webhook-flags.ts';
import { createWebhookTeller } from './webhook-teller.ts';

const probesLease = 'relaykeeper-probes';

export async function runCluster(flags: RunFlags, io: Io, signal: AbortSignal): Promise<number> {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const client = await openCluster(flags, { qps: flags.kubeApiQps, io, takesDirectory: true });
  const given = flags.identity ?? io.env.POD_NAME;
  const identity = given ?? hostname();
  // A name that was given is this replica's alone; a host may run another.
  const holder = given ?? `${identity}_${randomUUID()}`;
  const settings = await settingsOf(flags, clusterDeniedCidrs);
  // Before anything else is opened: an address may be taken.
  const webhook = await openClusterWebhook(flags, log);
  signal.addEventListener('abort', () => void webhook?.close(), { once: true });
  const tokens = tokenSourceFor(settings);
  log.info({ identity, version }, 'relaykeeper starts');
  const namespace = flags.operatorNamespace ?? io.env.POD_NAMESPACE ?? client.namespace;
  const logins = createLoginGuard();
  const common = { tokens, settings, log, logins };
  const watching = new AbortController();
  const problem = problemNews((told) => tellProblem(told, log));
  const scope = { client, namespaces: flags.namespace ?? [], clock: systemClock, random: Math.random };
  const feed = startRelayFeed({ ...scope, problem: tellOnce(problem) }, watching.signal);
  const probing = async () => {
    if (!hasRole(flags.roles, 'probes')) return;
    await runAsLeader(
      {
        leases: createKubernetesLeases(client, namespace),
        name: probesLease,
        // Two processes that share a name must not share a lease.
        identity: `${identity}_${randomUUID()}`,
        timings: electionTimings,
        clock: systemClock,
        random: Math.random,
        tell: electionTeller({ lease: probesLease, does: 'probes' }, log),
      },
      (term, mayAct) => lead({ flags, client, identity, feed, deps: { ...common, probe, mayAct } }, term),
      signal,
    );
  };
  const policies = { ...common, feed, flags, client, identity, holder, namespace, problem, webhook };
  const onlyProbes = flags.roles?.every((role) => role === 'probes') === true;
  await Promise.all([probing(), onlyProbes ? undefined : runClusterPolicies(policies, signal)]);
  await webhook?.close();
  watching.abort();
  client.close();
  log.info({}, 'relaykeeper has stopped');
  return exitCodes.succeeded;
}

async function openClusterWebhook(flags: RunFlags, log: Log): Promise<Webhook | undefined> {
  const listen = webhookListenOf(flags);
  if (!listen) return undefined;
  const webhook = await openWebhook(listen, createWebhookTeller(log, systemClock));
  log.info({ url: webhook.url }, `alarms are taken at ${webhook.url}/v1/alarms/NAMESPACE/POLICY/ALARM`);
  return webhook;
}

interface Leadership {
  readonly flags: RunFlags;
  readonly client: ApiClient;
  readonly identity: string;
  readonly feed: RelayFeed;
  readonly deps: Omit<RelayDeps, 'store' | 'now' | 'random' | 'setTimer' | 'recall'>;
}

async function lead({ flags, client, identity, feed, deps }: Leadership, term: AbortSignal): Promise<void> {
  const store = createKubernetesStore({
    client,
    feed,
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
