// The outbox, the ledger and the delivery history of an operator on a cluster: Secrets of its own namespace, shared by its replicas.
import type { DeliveryHistory } from '../mail/delivery-history.ts';
import { historyBounds } from '../mail/history/history-bounds.ts';
import { openHistory } from '../mail/history/open-history.ts';
import { openLedger } from '../mail/ledger/open-ledger.ts';
import type { Ledger } from '../mail/ledger.ts';
import { openKubernetesOutbox } from '../mail/outbox/kubernetes.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { Clock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createKubernetesLeases } from '../store/kubernetes/kubernetes-leases.ts';
import { reflectorTimings } from '../store/kubernetes/reflector.ts';
import { createSecretRecords } from '../store/kubernetes/secret-records.ts';
import { createSecretSegments } from '../store/kubernetes/secret-segments.ts';
import type { Segments } from '../store/segments.ts';
import type { StoreProblem } from '../store/store.ts';

export interface ClusterMailOptions {
  readonly client: ApiClient;
  /** The operator's own. */
  readonly namespace: string;
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly problem: (problem: StoreProblem) => void;
}

/** A Secret is a write of the API server, and one for many mails is as good. */
const batchMs = 250;
/** Nobody waits for it, and each is a write of the API server. */
const historyWaitMs = 5_000;

export interface ClusterMail {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
}

/** Rejects with a sentence where the ledger cannot be listed. */
export async function openClusterMail(options: ClusterMailOptions): Promise<ClusterMail> {
  const { client, namespace } = options;
  const ledger = await openLedger(createSecretSegments(client, namespace), { ...options, batchMs, shared: true });
  const records = createSecretRecords({
    ...options,
    type: 'relaykeeper.dev/outbox',
    labels: { 'relaykeeper.dev/outbox': 'message' },
    timings: reflectorTimings,
  });
  const leases = createKubernetesLeases(client, namespace);
  return { ledger, outbox: await openKubernetesOutbox({ ...options, records, ledger, leases }) };
}

/** `mayTidy`: one replica at a time joins what all have written. */
export function openClusterHistory(options: ClusterMailOptions & { readonly mayTidy: () => boolean }): DeliveryHistory {
  const segments = clusterHistory(options.client, options.namespace);
  return openHistory(segments, { ...options, waitMs: historyWaitMs, bounds: historyBounds.cluster });
}

export function clusterHistory(client: ApiClient, namespace: string): Segments {
  return createSecretSegments(client, namespace, 'history');
}
