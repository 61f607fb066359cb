// What doctor asks a cluster, with the rights of who runs it.

import { resolveHost } from '../../smtp/network/resolve.ts';
import type { ServiceAccountName } from '../../store/kubernetes/access-review.ts';
import type { ApiClient } from '../../store/kubernetes/api-client.ts';
import { connectToCluster } from '../../store/kubernetes/connect.ts';
import { customCollection, policyResource, relayResource } from '../../store/kubernetes/custom-resource.ts';
import { listObjects } from '../../store/kubernetes/list-objects.ts';
import { createSecretSegments } from '../../store/kubernetes/secret-segments.ts';
import { type ServerTime, serverTime } from '../../store/kubernetes/server-time.ts';
import { clusterJournal } from '../cluster-alarms.ts';
import { clusterHistory } from '../cluster-mail.ts';
import type { Io } from '../io.ts';
import { UnusableArgument } from '../io.ts';
import { openCluster } from '../open-cluster.ts';
import { clusterOutboxAccess } from '../outbox-cluster.ts';
import { declaredFacts } from './declared-facts.ts';
import type { Declared, NamingWorld } from './dns-check.ts';
import type { DoctorFlags } from './doctor-command.ts';
import type { KeepingWorld } from './kept-check.ts';
import type { OperatorPlace } from './needed-rights.ts';
import type { WebhookWorld } from './webhook-check.ts';

export interface ClusterWorld extends KeepingWorld, NamingWorld, WebhookWorld {
  readonly client: ApiClient;
  /** Its URL. */
  readonly server: string;
  readonly place: OperatorPlace;
  /** Whose rights are asked for; undefined: those of who asks. */
  readonly account: ServiceAccountName | undefined;
  readonly readServerTime: (signal: AbortSignal) => Promise<ServerTime>;
  close(): Promise<void>;
}

const qps = 50;
const resolveWithin = 10_000;

export async function openClusterWorld(flags: DoctorFlags, io: Io): Promise<ClusterWorld> {
  const { kubeconfig, context } = flags;
  const connected = await connectToCluster({ kubeconfig, context, environment: io.env });
  if (connected.kind === 'unusable') throw new UnusableArgument(connected.message);
  const { connection } = connected;
  const client = await openCluster(flags, { qps, io, takesDirectory: true });
  const namespace = flags.operatorNamespace ?? io.env.POD_NAMESPACE ?? client.namespace;
  const namespaces = flags.namespace ?? [];
  let declared: Promise<Declared> | undefined;
  return {
    client,
    server: connection.server.origin,
    place: { namespace, namespaces, secretAccess: flags.secretAccess },
    account: flags.serviceAccount === undefined ? undefined : { namespace, name: flags.serviceAccount },
    readServerTime: (signal) => serverTime(connection, signal),
    declared(signal) {
      declared ??= readDeclared({ client, namespaces }, signal);
      return declared;
    },
    resolve: (host, signal) => resolveHost(host, { timeout: resolveWithin, signal, dnsServers: undefined }),
    webhookUrl: flags.webhookUrl,
    kept: {
      openOutbox: (problems) =>
        clusterOutboxAccess({ ...placeFlags(flags), operatorNamespace: namespace }, { io, problems }),
      ledger: createSecretSegments(client, namespace),
      history: clusterHistory(client, namespace),
      journal: clusterJournal(client, namespace),
      remedy: `Where rights are lacking, grant get, list and watch on secrets in namespace ${namespace}; else restore what is damaged from a backup.`,
    },
    now: Date.now,
    close: async () => client.close(),
  };
}

function placeFlags({ kubeconfig, context }: DoctorFlags) {
  return {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    output: 'text' as const,
  };
}

interface Listing {
  readonly client: ApiClient;
  readonly namespaces: readonly string[];
}

async function readDeclared(listing: Listing, signal: AbortSignal): Promise<Declared> {
  const relays = await listAll(listing, relayResource, signal);
  const policies = await listAll(listing, policyResource, signal);
  if (typeof relays === 'string') return { kind: 'failed', message: relays };
  if (typeof policies === 'string') return { kind: 'failed', message: policies };
  return { kind: 'read', facts: declaredFacts(relays, policies) };
}

/** A sentence where they cannot be listed. */
async function listAll(
  { client, namespaces }: Listing,
  resource: typeof relayResource,
  signal: AbortSignal,
): Promise<readonly unknown[] | string> {
  const places = namespaces.length === 0 ? [undefined] : namespaces;
  const all: unknown[] = [];
  for (const namespace of places) {
    const listed = await listObjects(client, customCollection(resource, namespace), signal);
    if (listed.kind === 'failed') return listed.message;
    all.push(...listed.objects);
  }
  return all;
}
