// What was sent, as the operator of a cluster remembers it.
import type { DeliveryRecord } from '../mail/delivery-history.ts';
import { type ReadOptions, readHistory } from '../mail/history/read-history.ts';
import { openLedger } from '../mail/ledger/open-ledger.ts';
import type { Ledger } from '../mail/ledger.ts';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createSecretSegments } from '../store/kubernetes/secret-segments.ts';
import { clusterHistory } from './cluster-mail.ts';
import { UnusableArgument } from './io.ts';
import { notTheOperators } from './outbox-cluster.ts';
import type { ToldProblems } from './told-problems.ts';

export async function clusterLedger(client: ApiClient, namespace: string, { note }: ToldProblems): Promise<Ledger> {
  try {
    return await openLedger(createSecretSegments(client, namespace), {
      batchMs: 0,
      shared: true,
      clock: systemClock,
      random: Math.random,
      problem: note,
    });
  } catch (error) {
    throw new UnusableArgument(notTheOperators(namespace, error));
  }
}

export async function clusterDeliveries(
  client: ApiClient,
  namespace: string,
  options: ReadOptions,
): Promise<readonly DeliveryRecord[]> {
  try {
    return await readHistory(clusterHistory(client, namespace), options);
  } catch (error) {
    throw new UnusableArgument(notTheOperators(namespace, error));
  }
}
