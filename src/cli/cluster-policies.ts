// The policies on a cluster: every replica sends credentials and delivers, the holder of relaykeeper-scheduler reminds,
// the holder of relaykeeper-alarms runs alarm rules; as far as its roles let it.

import { randomBytes } from 'node:crypto';
import { errorText } from '../api/error-text.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { PolicyDeps } from '../policies/policy-deps.ts';
import { type PolicyRun, runPolicies } from '../policies/run-policies.ts';
import { aborted } from '../store/aborted.ts';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createKubernetesAlarmStore } from '../store/kubernetes/kubernetes-alarm-store.ts';
import { createKubernetesPolicyStore } from '../store/kubernetes/kubernetes-policy-store.ts';
import { createKubernetesStore } from '../store/kubernetes/kubernetes-store.ts';
import { operatorKey } from '../store/kubernetes/operator-key.ts';
import type { RelayFeed } from '../store/kubernetes/relay-feed.ts';
import { runAsLeader } from '../store/leader-election.ts';
import type { StoreProblem } from '../store/store.ts';
import { candidacyFor } from './candidacy.ts';
import { openClusterAlarms } from './cluster-alarms.ts';
import { type ClusterMail, type ClusterMailOptions, openClusterHistory, openClusterMail } from './cluster-mail.ts';
import { type DirectoryMail, openDirectoryMail } from './directory-mail.ts';
import type { Instruments } from './instruments.ts';
import { hasRole, type Role } from './roles.ts';
import type { RunFlags } from './run-command.ts';
import { shutdownGrace } from './shutdown.ts';
import type { Webhook } from './webhook.ts';

export interface ClusterPolicies extends Pick<PolicyDeps, 'tokens' | 'logins' | 'settings' | 'log'> {
  readonly flags: RunFlags;
  readonly client: ApiClient;
  /** Ends after this does. */
  readonly feed: RelayFeed;
  readonly identity: string;
  /** Names this replica in what it takes from the outbox: who starts with the same goes on where a killed one was. */
  readonly holder: string;
  /** The operator's own. */
  readonly namespace: string;
  readonly problem: (problem: StoreProblem) => void;
  readonly webhook: Webhook | undefined;
  readonly instruments: Pick<Instruments, 'health' | 'metrics'>;
}

const schedulerLease = 'relaykeeper-scheduler';
const alarmsLease = 'relaykeeper-alarms';
/** How soon it is tried again to begin. */
const beginRetry = 30_000;

/** Runs until the signal aborts, and what is under way has ended. What it cannot have yet it asks for again. */
export async function runClusterPolicies(cluster: ClusterPolicies, signal: AbortSignal): Promise<void> {
  const { health, metrics } = cluster.instruments;
  health.awaits('outbox', 'The outbox is not open yet; the log says why.');
  health.awaits('policies', 'The NotificationPolicies are not listed yet; the log says why.');
  const begun = await begin(cluster, signal);
  if (!begun) return;
  const { mail, key, alarms } = begun;
  health.met('outbox');
  metrics?.reads({ outbox: mail.outbox });
  const { flags, client, identity, problem, webhook } = cluster;
  const scope = {
    ...{ client, identity, clock: systemClock, random: Math.random },
    namespaces: flags.namespace ?? [],
    secretAccess: flags.secretAccess,
  };
  const relays = createKubernetesStore({ ...scope, feed: cluster.feed });
  let mayRemind = () => false;
  let mayAlarm = () => false;
  let run: PolicyRun | undefined;
  const relaysOpen = new AbortController();
  const endOfStart = () => relaysOpen.abort();
  signal.addEventListener('abort', endOfStart, { once: true });
  await relays.start({ relayChanged: (changed) => run?.relayChanged(changed), problem }, relaysOpen.signal);
  signal.removeEventListener('abort', endOfStart);
  if (!signal.aborted) {
    metrics?.reads({ allRelays: relays });
    const store = createKubernetesPolicyStore({ ...scope, key });
    const history =
      mail.history ??
      openClusterHistory({ ...scope, namespace: cluster.namespace, problem, mayTidy: () => mayRemind() });
    const deps = {
      ...cluster,
      ...mail,
      history,
      store,
      relays,
      clock: systemClock,
      random: Math.random,
      grace: shutdownGrace,
      meter: metrics?.policies,
    };
    const may = {
      mayRemind: () => mayRemind(),
      alarms: { ...alarms, mayAlarm: () => mayAlarm(), meter: metrics?.alarms },
    };
    const delivers = hasRole(flags.roles, 'delivery');
    run = await runPolicies({ ...deps, ...may, delivers }, signal, { onProblem: problem });
    health.met('policies');
    metrics?.reads({ policies: store });
    webhook?.serve({ rule: run.webhookRule, keep: alarms.inbox.put });
    for (const relay of relays.list()) run.relayChanged(relay);
    const remind = (stillLeader: () => boolean) => {
      mayRemind = stillLeader;
      run?.wakeAll();
    };
    const alarm = (stillLeader: () => boolean) => {
      mayAlarm = stillLeader;
      run?.alarmsChanged();
    };
    await Promise.all([
      hold({ role: 'scheduler', lease: schedulerLease, does: 'reminds' }, { ...cluster, lead: remind }, signal),
      hold({ role: 'alarms', lease: alarmsLease, does: 'runs alarm rules' }, { ...cluster, lead: alarm }, signal),
      run.ended,
    ]);
    await history.close();
  }
  await webhook?.close();
  await alarms.inbox.close();
  await mail.outbox.close();
  run?.close();
  relaysOpen.abort();
}

/** Undefined where the signal came first. */
async function begin(cluster: ClusterPolicies, signal: AbortSignal) {
  let last = '';
  while (!signal.aborted) {
    const opened = await tryToBegin(cluster);
    if (opened.kind === 'begun') return opened;
    if (opened.message !== last) cluster.log.error({}, `no policy is run yet: ${opened.message}`);
    last = opened.message;
    await systemClock.sleep(beginRetry, signal);
  }
  return undefined;
}

async function tryToBegin({ client, namespace, holder, problem, flags }: ClusterPolicies) {
  const found = await operatorKey({ client, namespace, randomBytes });
  if (found.kind === 'failed') return found;
  const common = { client, clock: systemClock, random: Math.random };
  const sources = createKubernetesAlarmStore({ ...common, namespaces: flags.namespace ?? [] });
  let opened: Outbox | undefined;
  try {
    const mail = await openMail(flags, { ...common, namespace, identity: holder, problem });
    if (mail.kind === 'failed') return mail;
    opened = mail.outbox;
    const alarms = await openClusterAlarms({ ...common, namespace, problem }, sources);
    return { kind: 'begun' as const, key: found.key, mail, alarms };
  } catch (error) {
    // A spool that stays open could not be opened at the next try.
    await opened?.close();
    return { kind: 'failed' as const, message: errorText(error) };
  }
}

async function openMail({ outbox, state }: RunFlags, options: ClusterMailOptions): Promise<OpenedMail> {
  if (outbox === 'spool' && state !== undefined) return openDirectoryMail({ ...options, stateDirectory: state });
  return { kind: 'opened', ...(await openClusterMail(options)) };
}

/** With a history where that is not the cluster's. */
type OpenedMail = DirectoryMail | ({ readonly kind: 'opened'; readonly history?: undefined } & ClusterMail);

interface HeldRole {
  readonly role: Role;
  readonly lease: string;
  readonly does: string;
}

interface Holding extends ClusterPolicies {
  /** Told how to ask whether it still is the holder, each time that it becomes it. */
  readonly lead: (stillLeader: () => boolean) => void;
}

/** Holds the lease for as long as it can; without the role it is no candidate. */
async function hold(
  { role, lease, does }: HeldRole,
  { client, namespace, identity, log, flags, lead, instruments: { metrics } }: Holding,
  signal: AbortSignal,
): Promise<void> {
  if (!hasRole(flags.roles, role)) return;
  await runAsLeader(
    candidacyFor({ lease, does }, { client, namespace, identity, log, metrics }),
    async (term, stillLeader) => {
      lead(stillLeader);
      await aborted(term);
    },
    signal,
  );
}
