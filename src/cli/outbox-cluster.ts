// The outbox in the operator's namespace of a cluster: the records tell every replica of what is changed.

import { randomUUID } from 'node:crypto';
import { errorText } from '../api/error-text.ts';
import { droppedRecord } from '../policies/delivery-record.ts';
import { systemClock } from '../store/clock.ts';
import { storedOperatorKey } from '../store/kubernetes/operator-key.ts';
import { openClusterHistory, openClusterMail } from './cluster-mail.ts';
import { UnusableArgument } from './io.ts';
import { openCluster } from './open-cluster.ts';
import type { AccessDeps, OutboxAccess } from './outbox-access.ts';
import type { SourceFlags } from './source-flags.ts';

const qps = 50;

export async function clusterOutboxAccess(flags: SourceFlags, { io, problems }: AccessDeps): Promise<OutboxAccess> {
  const client = await openCluster(flags, { qps, io, takesDirectory: true });
  const namespace = flags.operatorNamespace ?? client.namespace;
  const options = {
    client,
    namespace,
    identity: `command_${randomUUID()}`,
    clock: systemClock,
    random: Math.random,
    problem: problems.note,
  };
  const { outbox } = await opened(namespace, options);
  const history = openClusterHistory({ ...options, mayTidy: () => false });
  outbox.onDropped((entry, said) => history.add(droppedRecord(entry, said, systemClock.now())));
  return {
    async list() {
      const entries = await outbox.list();
      // An empty one may be that of no operator at all.
      if (entries.length === 0 && !(await storedOperatorKey({ client, namespace }))) {
        problems.note({ subject: 'operator key', message: noOperator(namespace) });
      }
      return entries;
    },
    read: outbox.read,
    async change(id, kind, reason) {
      const done = kind === 'retry' ? await outbox.retry(id) : await outbox.drop(id, reason);
      return done ? { kind: 'done' } : { kind: 'failed', message: `Message ${id} is gone, or could not be changed.` };
    },
    async close() {
      await history.close();
      await outbox.close();
      client.close();
    },
  };
}

async function opened(namespace: string, options: Parameters<typeof openClusterMail>[0]) {
  try {
    return await openClusterMail(options);
  } catch (error) {
    throw new UnusableArgument(notTheOperators(namespace, error));
  }
}

export function noOperator(namespace: string): string {
  return `There is no operator's key in namespace ${namespace}: no operator has run there. --operator-namespace says where it runs.`;
}

/** What was sent could not be read where the operator was looked for. */
export function notTheOperators(namespace: string, error: unknown): string {
  const why = errorText(error);
  return `${why}. Is ${namespace} the namespace of the operator? --operator-namespace says which it is`;
}
