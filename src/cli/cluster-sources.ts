// Policies of a cluster, seen with the user's own rights, and what the operator remembers in its namespace.
import { randomBytes } from 'node:crypto';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createKubernetesPolicyStore } from '../store/kubernetes/kubernetes-policy-store.ts';
import { createKubernetesStore } from '../store/kubernetes/kubernetes-store.ts';
import { storedOperatorKey } from '../store/kubernetes/operator-key.ts';
import type { SecretAccess } from '../store/kubernetes/reference-watches.ts';
import type { PolicyStore } from '../store/policy-store.ts';
import type { StoreProblem } from '../store/store.ts';
import { clusterInbox, clusterJournal } from './cluster-alarms.ts';
import { clusterDeliveries, clusterLedger } from './cluster-ledger.ts';
import { UnusableArgument } from './io.ts';
import { openCluster } from './open-cluster.ts';
import { noOperator } from './outbox-cluster.ts';
import type { PolicySources, SourceDeps } from './policy-sources.ts';
import { lookAtPolicy } from './policy-standing.ts';
import type { PlaceFlags } from './source-flags.ts';

const qps = 50;

export async function clusterSources(flags: PlaceFlags, { io, problems }: SourceDeps): Promise<PolicySources> {
  const client = await openCluster(flags, { qps, io, takesDirectory: true });
  const operatorNamespace = flags.operatorNamespace ?? client.namespace;
  const secretAccess: SecretAccess = flags.namespace === undefined ? 'Cluster' : 'Namespaces';
  const common = {
    client,
    namespaces: flags.namespace === undefined ? [] : [flags.namespace],
    secretAccess,
    identity: 'command',
    clock: systemClock,
    random: Math.random,
  };
  const key = await passwordKey(client, operatorNamespace, problems);
  const store = createKubernetesPolicyStore({ ...common, key });
  const stop = new AbortController();
  const close = async () => {
    stop.abort();
    client.close();
  };
  const listening = createListening(problems.note);
  try {
    await Promise.race([store.startPolicies(listening.listener, stop.signal), listening.refused]);
    const relays = createKubernetesStore({ ...common, namespaces: relayNamespaces(store, common.namespaces) });
    await Promise.race([relays.start(listening.listener, stop.signal), listening.hindered]);
    return {
      ...{ store, relays, close },
      ledger: () => clusterLedger(client, operatorNamespace, problems),
      deliveries: (since) => clusterDeliveries(client, operatorNamespace, { since, problem: problems.note }),
      alarms: {
        journal: clusterJournal(client, operatorNamespace),
        openInbox: () => clusterInbox({ ...common, namespace: operatorNamespace, problem: problems.note }),
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where only some namespaces are looked at: those that their policies' relays are in too. */
function relayNamespaces(store: PolicyStore, namespaces: readonly string[]): readonly string[] {
  if (namespaces.length === 0) return [];
  const found = new Set(namespaces);
  for (const key of store.listPolicies()) {
    const stored = store.getPolicy(key);
    const look = stored && lookAtPolicy(stored);
    if (look?.kind !== 'valid') continue;
    const { relayRef, fallbackRelayRefs = [] } = look.spec;
    for (const { namespace } of [relayRef, ...fallbackRelayRefs]) found.add(namespace || key.namespace);
  }
  return [...found];
}

/** A store waits until it may list what it watches; a command goes on without, or says that it may not. */
function createListening(note: SourceDeps['problems']['note']) {
  const refused = Promise.withResolvers<never>();
  // Whoever has all that it waits for asks no more.
  refused.promise.catch(() => undefined);
  const hindered = Promise.withResolvers<void>();
  const nobody = () => undefined;
  const problem = (told: StoreProblem) => {
    const isOf = (resource: string) => told.message !== undefined && told.subject.includes(resource);
    if (isOf('notificationpolicies')) refused.reject(new UnusableArgument(told.message ?? ''));
    else note(told);
    if (isOf('smtprelays')) hindered.resolve();
  };
  return {
    /** Without policies there is nothing to tell of. */
    refused: refused.promise,
    /** Some relays are not seen; those of other namespaces may be. */
    hindered: hindered.promise.then(() => systemClock.sleep(patience, never)),
    listener: { policyChanged: nobody, accountChanged: nobody, relayChanged: nobody, problem },
  };
}

const patience = 2_000;
const never = new AbortController().signal;

/** Without the operator's own key no account's password is told from the one before: what was sent then looks unsent. */
async function passwordKey(client: ApiClient, namespace: string, { note }: SourceDeps['problems']): Promise<Buffer> {
  const stored = await storedOperatorKey({ client, namespace });
  if (stored?.kind === 'key') return stored.key;
  note({ subject: 'operator key', message: stored?.message ?? noOperator(namespace) });
  return randomBytes(32);
}
