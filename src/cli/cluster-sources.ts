// Policies of a cluster, seen with the user's own rights, and what the operator remembers in its namespace.
import { randomBytes } from 'node:crypto';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createKubernetesPolicyStore } from '../store/kubernetes/kubernetes-policy-store.ts';
import { createKubernetesStore } from '../store/kubernetes/kubernetes-store.ts';
import { storedOperatorKey } from '../store/kubernetes/operator-key.ts';
import type { SecretAccess } from '../store/kubernetes/reference-watches.ts';
import { clusterLedger } from './cluster-ledger.ts';
import { openCluster } from './open-cluster.ts';
import type { PolicySources, SourceDeps } from './policy-sources.ts';
import type { SourceFlags } from './source-flags.ts';

const qps = 50;

export async function clusterSources(flags: SourceFlags, { io, problems }: SourceDeps): Promise<PolicySources> {
  const client = await openCluster(flags, { qps, io });
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
  // A policy may send through a relay of another namespace.
  const relays = createKubernetesStore({ ...common, namespaces: [] });
  const stop = new AbortController();
  const nobody = () => undefined;
  const listener = { policyChanged: nobody, accountChanged: nobody, relayChanged: nobody, problem: problems.note };
  await Promise.all([store.startPolicies(listener, stop.signal), relays.start(listener, stop.signal)]);
  return {
    store,
    relays,
    ledger: () => clusterLedger(client, operatorNamespace, problems),
    async close() {
      stop.abort();
      client.close();
    },
  };
}

/** Without the operator's own key no account's password is told from the one before: what was sent then looks unsent. */
async function passwordKey(client: ApiClient, namespace: string, { note }: SourceDeps['problems']): Promise<Buffer> {
  const stored = await storedOperatorKey({ client, namespace });
  if (stored?.kind === 'key') return stored.key;
  const message =
    stored?.message ??
    `There is no operator's key in namespace ${namespace}: no operator has run there. --operator-namespace says where it runs.`;
  note({ subject: 'operator key', message });
  return randomBytes(32);
}
