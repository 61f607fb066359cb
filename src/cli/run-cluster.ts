// The operator on a cluster: of several replicas one probes at a time, the holder of the lease relaykeeper-probes; all of
// them run policies. --roles pins a replica to less.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createLoginGuard } from '../relays/login-guard.ts';
import type { Log, RelayDeps } from '../relays/relay-deps.ts';
import { runRelays } from '../relays/run-relays.ts';
import { systemTimer } from '../relays/timer.ts';
import type { Metrics } from '../server/metrics/metrics.ts';
import { clusterDeniedCidrs } from '../smtp/address-rule.ts';
import { probe } from '../smtp/probe.ts';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createKubernetesStore } from '../store/kubernetes/kubernetes-store.ts';
import { type RelayFeed, startRelayFeed } from '../store/kubernetes/relay-feed.ts';
import type { SeenRequest } from '../store/kubernetes/seen-request.ts';
import { tellOnce } from '../store/kubernetes/tell-once.ts';
import { runAsLeader } from '../store/leader-election.ts';
import { problemNews } from '../store/problem-news.ts';
import type { StoreProblem } from '../store/store.ts';
import { candidacyFor } from './candidacy.ts';
import { runClusterPolicies } from './cluster-policies.ts';
import { httpListenOf } from './health-flags.ts';
import { type Instruments, openInstruments } from './instruments.ts';
import { exitCodes, type Io } from './io.ts';
import { createLog, type OperatorLog } from './log/create-log.ts';
import { followDebugSignal } from './log/debug-signal.ts';
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
  const log = createLog({ level: flags.logLevel ?? 'info', format: flags.logFormat, io });
  const instruments = await openInstruments(httpListenOf(flags, io.env), (message) => log.error({}, message));
  signal.addEventListener('abort', instruments.health.stopping, { once: true });
  followDebugSignal(log);
  try {
    return await runWith({ flags, io, log, instruments }, signal);
  } finally {
    await instruments.close();
  }
}

interface Opened {
  readonly flags: RunFlags;
  readonly io: Io;
  readonly log: OperatorLog;
  readonly instruments: Instruments;
}

async function runWith({ flags, io, log, instruments }: Opened, signal: AbortSignal): Promise<number> {
  const { health, metrics, url } = instruments;
  const seen = (request: SeenRequest) => {
    metrics?.request(request);
    log.debug({ ...request }, 'the API server was asked');
  };
  const client = await openCluster(flags, { qps: flags.kubeApiQps, io, takesDirectory: true, seen });
  const given = flags.identity ?? io.env.POD_NAME;
  const identity = given ?? hostname();
  // A name that was given is this replica's alone; a host may run another.
  const holder = given ?? `${identity}_${randomUUID()}`;
  const settings = await settingsOf(flags, clusterDeniedCidrs);
  // Before anything else is opened: an address may be taken.
  const webhook = await openClusterWebhook(flags, { log, instruments });
  signal.addEventListener('abort', () => void webhook?.close(), { once: true });
  const tokens = tokenSourceFor(settings);
  log.info({ identity, version }, 'relaykeeper starts');
  if (url !== undefined) log.info({ url }, `health and metrics are served at ${url}`);
  const namespace = flags.operatorNamespace ?? io.env.POD_NAMESPACE ?? client.namespace;
  const logins = createLoginGuard();
  const common = { tokens, settings, log, logins };
  const watching = new AbortController();
  const problem = problemNews((told) => {
    tellProblem(told, log);
    metrics?.problem(told);
  });
  const scope = { client, namespaces: flags.namespace ?? [], clock: systemClock, random: Math.random };
  const feed = startRelayFeed({ ...scope, problem: tellOnce(problem) }, watching.signal);
  health.awaits('relays', 'The SmtpRelays are not listed yet; the log says why.');
  void feed.synced.then(() => health.met('relays'));
  metrics?.reads({ staleness: feed.staleness });
  const probing = async () => {
    if (!hasRole(flags.roles, 'probes')) return;
    await runAsLeader(
      candidacyFor({ lease: probesLease, does: 'probes' }, { client, namespace, identity, log, metrics }),
      (term, mayAct) => lead({ flags, client, identity, feed, metrics, deps: { ...common, probe, mayAct } }, term),
      signal,
    );
  };
  const policies = { ...common, feed, flags, client, identity, holder, namespace, problem, webhook, instruments };
  const onlyProbes = flags.roles?.every((role) => role === 'probes') === true;
  health.started();
  await Promise.all([probing(), onlyProbes ? undefined : runClusterPolicies(policies, signal)]);
  await webhook?.close();
  watching.abort();
  client.close();
  log.info({}, 'relaykeeper has stopped');
  return exitCodes.succeeded;
}

async function openClusterWebhook(
  flags: RunFlags,
  { log, instruments: { metrics } }: Pick<Opened, 'log' | 'instruments'>,
): Promise<Webhook | undefined> {
  const listen = webhookListenOf(flags);
  if (!listen) return undefined;
  const tell = createWebhookTeller(log, systemClock);
  const webhook = await openWebhook(listen, (news) => {
    tell(news);
    metrics?.webhook(news);
  });
  log.info({ url: webhook.url }, `alarms are taken at ${webhook.url}/v1/alarms/NAMESPACE/POLICY/ALARM`);
  if (webhook.warning !== undefined) log.warn({}, webhook.warning);
  return webhook;
}

interface Leadership {
  readonly flags: RunFlags;
  readonly client: ApiClient;
  readonly identity: string;
  readonly feed: RelayFeed;
  readonly metrics: Metrics | undefined;
  readonly deps: Omit<RelayDeps, 'store' | 'now' | 'random' | 'setTimer' | 'recall'>;
}

async function lead({ flags, client, identity, feed, metrics, deps }: Leadership, term: AbortSignal): Promise<void> {
  const store = createKubernetesStore({
    client,
    feed,
    namespaces: flags.namespace ?? [],
    secretAccess: flags.secretAccess,
    identity,
    clock: systemClock,
    random: Math.random,
  });
  const problems = createTermProblems(metrics);
  const meter = metrics?.relays;
  const relays = await runRelays(
    { ...deps, store, meter, now: Date.now, setTimer: systemTimer, random: Math.random, recall: true },
    term,
    {
      onProblem: (problem) => {
        tellProblem(problem, deps.log);
        problems.tell(problem);
      },
    },
  );
  metrics?.reads({ relays: relays.views });
  await relays.ended;
  metrics?.reads({ relays: () => [] });
  problems.end();
}

function tellProblem({ subject, message }: StoreProblem, log: Log): void {
  if (message === undefined) log.info({ subject }, 'works again');
  else log.error({ subject }, message);
}

/** What was wrong during a term is nobody's problem after it. */
function createTermProblems(metrics: Metrics | undefined) {
  const open = new Set<string>();
  const tell = ({ subject, ...problem }: StoreProblem) => {
    const named = `probing: ${subject}`;
    if (problem.message === undefined) open.delete(named);
    else open.add(named);
    metrics?.problem({ subject: named, ...problem });
  };
  const end = () => {
    for (const subject of open) metrics?.problem({ subject, message: undefined });
  };
  return { tell, end };
}
