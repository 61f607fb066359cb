// A replica's outbox and ledger in a namespace of a real API server.
import { openLedger } from '../../../src/mail/ledger/open-ledger.ts';
import { openKubernetesOutbox } from '../../../src/mail/outbox/kubernetes.ts';
import { type Clock, systemClock } from '../../../src/store/clock.ts';
import type { ApiClient } from '../../../src/store/kubernetes/api-client.ts';
import { createKubernetesLeases } from '../../../src/store/kubernetes/kubernetes-leases.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import { reflectorTimings } from '../../../src/store/kubernetes/reflector.ts';
import { createSecretRecords } from '../../../src/store/kubernetes/secret-records.ts';
import { createSecretSegments } from '../../../src/store/kubernetes/secret-segments.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import type { OpenOutbox } from './conformance.ts';

export interface TestReplicaOptions {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly identity: string;
  readonly clock: Clock;
  readonly maxMessages?: number;
  readonly maxDead?: number;
  readonly problem?: (problem: StoreProblem) => void;
}

export interface TestReplica extends OpenOutbox {
  /** What the API server was asked to write, in order: `POST`, `PATCH`, `DELETE`. */
  readonly writes: readonly string[];
}

export async function openTestReplica(options: TestReplicaOptions): Promise<TestReplica> {
  const { kubeconfig, namespace, identity, clock, maxMessages, maxDead, problem = () => {} } = options;
  const opened = await openClient({ kubeconfig, environment: {}, qps: 1_000 });
  if (opened.kind === 'unusable') throw new Error(opened.message);
  const writes: string[] = [];
  const client: ApiClient = {
    ...opened.client,
    call(request, signal) {
      if (request.method !== 'GET') writes.push(request.method);
      return opened.client.call(request, signal);
    },
  };
  const ledger = await openLedger(createSecretSegments(client, namespace), {
    batchMs: 20,
    shared: true,
    clock,
    random: Math.random,
    problem,
  });
  const records = createSecretRecords({
    client,
    namespace,
    type: 'relaykeeper.dev/outbox',
    labels: { 'relaykeeper.dev/outbox': 'message' },
    clock: systemClock,
    random: Math.random,
    timings: reflectorTimings,
    problem,
  });
  const outbox = await openKubernetesOutbox({
    records,
    ledger,
    leases: createKubernetesLeases(client, namespace),
    clock,
    random: Math.random,
    identity,
    problem,
    ...(maxMessages === undefined ? {} : { maxMessages }),
    ...(maxDead === undefined ? {} : { maxDead }),
  });
  const close = async () => {
    await outbox.close();
    client.close();
  };
  return { outbox: { ...outbox, close }, ledger, writes };
}
