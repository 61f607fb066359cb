// The outbox in the operator's namespace of a cluster: the records tell every replica of what is changed.
import { randomUUID } from 'node:crypto';
import { openKubernetesOutbox } from '../mail/outbox/kubernetes.ts';
import { systemClock } from '../store/clock.ts';
import { reflectorTimings } from '../store/kubernetes/reflector.ts';
import { createSecretRecords } from '../store/kubernetes/secret-records.ts';
import { clusterLedger } from './cluster-ledger.ts';
import { openCluster } from './open-cluster.ts';
import type { AccessDeps, ChangeResult, OutboxAccess } from './outbox-access.ts';
import type { SourceFlags } from './source-flags.ts';

const qps = 50;

export async function clusterOutboxAccess(flags: SourceFlags, { io, problems }: AccessDeps): Promise<OutboxAccess> {
  const client = await openCluster(flags, { qps, io });
  const namespace = flags.operatorNamespace ?? client.namespace;
  const common = { clock: systemClock, random: Math.random, problem: problems.note };
  const records = createSecretRecords({ ...common, client, namespace, ...outboxRecords, timings: reflectorTimings });
  const ledger = await clusterLedger(client, namespace, problems);
  const outbox = await openKubernetesOutbox({ ...common, records, ledger, identity: `command_${randomUUID()}` });
  return {
    list: outbox.list,
    read: outbox.read,
    async change(id, kind) {
      const done = kind === 'retry' ? await outbox.retry(id) : await outbox.drop(id, '');
      return done ? { kind: 'done' } : notChanged(id);
    },
    async close() {
      await outbox.close();
      client.close();
    },
  };
}

/** As the operator makes them. */
const outboxRecords = { type: 'relaykeeper.dev/outbox', labels: { 'relaykeeper.dev/outbox': 'message' } } as const;

function notChanged(id: string): ChangeResult {
  return { kind: 'failed', message: `Message ${id} is gone, or could not be changed.` };
}
